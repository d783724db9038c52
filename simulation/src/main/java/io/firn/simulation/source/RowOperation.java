package io.firn.simulation.source;

import io.firn.model.schema.TableId;
import java.util.Map;

/**
 * One row's change at the source, as the oracle understands it: values by column name.
 *
 * @param table the table
 * @param before the row before, or null for an insert
 * @param after the row after, or null for a delete
 */
public record RowOperation(TableId table, Map<String, Object> before, Map<String, Object> after) {}
