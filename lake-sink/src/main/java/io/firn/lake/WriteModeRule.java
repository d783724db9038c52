package io.firn.lake;

import io.firn.lake.table.WriteMode;
import io.firn.model.schema.TableId;
import java.util.function.Predicate;

/**
 * How changes of some tables become rows.
 *
 * @param tables which target tables the rule is for
 * @param mode how they are written; stays as it is while the table exists
 */
public record WriteModeRule(Predicate<TableId> tables, WriteMode mode) {}
