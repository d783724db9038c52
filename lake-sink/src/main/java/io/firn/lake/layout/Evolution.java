package io.firn.lake.layout;

import io.firn.lake.table.TableLayout;

/**
 * What a schema change made of a layout.
 *
 * @param layout the layout of rows after the change
 * @param changed whether the Iceberg schema is another one: files begun before must be closed, and
 *     the committer has something to replay. The layout of incoming rows may be new in either case.
 */
public record Evolution(TableLayout layout, boolean changed) {}
