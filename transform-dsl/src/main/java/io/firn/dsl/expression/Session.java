package io.firn.dsl.expression;

import java.time.ZoneId;

/**
 * What holds for all expressions of a pipeline.
 *
 * @param zone time zone in which points in time become dates and texts
 */
public record Session(ZoneId zone) {}
