package io.firn.dsl.transform;

import io.firn.dsl.expression.EvaluationException;
import io.firn.dsl.expression.Expression;
import io.firn.dsl.expression.RowScope;
import io.firn.dsl.expression.Session;
import io.firn.dsl.finding.Quoted;
import io.firn.dsl.plan.CompiledTable;
import io.firn.dsl.plan.TargetColumn;
import io.firn.dsl.plan.TargetLayout;
import io.firn.dsl.sql.Volatility;
import io.firn.model.error.RowException;
import io.firn.model.row.Operation;
import io.firn.model.row.Row;
import io.firn.model.row.RowChange;
import io.firn.model.schema.TableSchema;
import java.util.function.Consumer;

/**
 * Turns the changes of one source table, in one layout, into changes of its target.
 *
 * <p><b>Threading</b>: used by one thread.
 */
final class RowMapper {
  private final CompiledTable compiled;
  private final TargetTable target;
  private final TableSchema targetSchema;
  private final Expression[] mapping;
  private final Expression filter;
  private final boolean rowsAsTheyAre;
  private final boolean softDelete;
  private final boolean keyMayChange;

  /**
   * Whether the filter depends on the time, so that asking it about an old row does not tell
   * whether that row is in the target.
   */
  private final boolean filterMayChange;

  private final RowScope scope = new RowScope();

  RowMapper(CompiledTable compiled, TargetTable target, Session session) {
    this.compiled = compiled;
    this.target = target;
    this.targetSchema = target.schema();
    this.mapping = TargetLayout.mapping(compiled, targetSchema, session);
    this.filter = compiled.filter().orElse(null);
    this.softDelete = compiled.softDelete();
    this.keyMayChange = !compiled.preservesKey(targetSchema);
    this.filterMayChange =
        compiled.filterVolatility() != Volatility.NONE && targetSchema.hasPrimaryKey();
    this.rowsAsTheyAre =
        compiled.isIdentity() && compiled.source().columns().equals(targetSchema.columns());
  }

  void apply(RowChange change, long nowMicros, Consumer<RowChange> out) {
    target.noteRow();
    if (rowsAsTheyAre) {
      out.accept(
          change.schema() == targetSchema
              ? change
              : new RowChange(
                  targetSchema,
                  change.operation(),
                  change.before(),
                  change.after(),
                  change.meta()));
      return;
    }
    long committed = change.meta().commitTimestampMicros();
    scope.setChange(change.table(), committed, committed == 0 ? nowMicros : committed);
    switch (change.operation()) {
      case READ, INSERT -> {
        Row after = select(change.after(), "+I", change);
        if (after != null) {
          emit(change, change.operation(), null, after, out);
        }
      }
      case DELETE -> {
        if (filterMayChange) {
          replace(change, null, out);
        } else {
          delete(change, out);
        }
      }
      case UPDATE -> {
        if (filterMayChange) {
          replace(change, select(change.after(), "+U", change), out);
        } else {
          update(change, out);
        }
      }
    }
  }

  /**
   * Replaces or removes the row with the old key, which may be in the target or not: the sink
   * passes over the delete of a row that it does not have.
   */
  private void replace(RowChange change, Row after, Consumer<RowChange> out) {
    Row before = keyOf(change.before());
    if (before != null && (after == null || (keyMayChange && !sameKey(before, after)))) {
      emit(change, Operation.DELETE, before, null, out);
    }
    if (after != null) {
      emit(change, Operation.READ, null, after, out);
    }
  }

  /**
   * A row with the key columns only, or null if they have no valid values: then it never was in the
   * target. Other columns may fail for rows that the filter is there to keep away.
   */
  private Row keyOf(Row image) {
    scope.setImage(image, "-D");
    Object[] values = new Object[mapping.length];
    try {
      for (int index : targetSchema.keyIndexes()) {
        values[index] = mapping[index].evaluate(scope);
        if (values[index] == null) {
          return null;
        }
      }
    } catch (EvaluationException e) {
      return null;
    }
    return Row.wrap(values);
  }

  private void delete(RowChange change, Consumer<RowChange> out) {
    Row before = select(change.before(), "-D", change);
    if (before != null) {
      emitDelete(change, before, out);
    }
  }

  private void update(RowChange change, Consumer<RowChange> out) {
    Row before = select(change.before(), "-U", change);
    Row after = select(change.after(), "+U", change);
    if (before == null) {
      if (after != null) {
        emit(change, Operation.INSERT, null, after, out);
      }
      return;
    }
    if (after != null && (!keyMayChange || sameKey(before, after))) {
      emit(change, Operation.UPDATE, before, after, out);
      return;
    }
    if (softDelete) {
      // The row that stays must say that it was deleted, not that it was the old side of an update.
      scope.setImage(change.before(), "-D");
      before = project(change);
    }
    emitDelete(change, before, out);
    if (after != null) {
      emit(change, Operation.INSERT, null, after, out);
    }
  }

  private void emitDelete(RowChange change, Row before, Consumer<RowChange> out) {
    if (softDelete) {
      // READ: the row may be there already, and then it is replaced.
      emit(change, Operation.READ, null, before, out);
    } else {
      emit(change, Operation.DELETE, before, null, out);
    }
  }

  private void emit(
      RowChange change, Operation operation, Row before, Row after, Consumer<RowChange> out) {
    out.accept(new RowChange(targetSchema, operation, before, after, change.meta()));
  }

  /** The target's row, or null if the filter does not let it pass. */
  private Row select(Row image, String eventType, RowChange change) {
    scope.setImage(image, eventType);
    if (filter != null && !passes(change)) {
      return null;
    }
    return project(change);
  }

  private boolean passes(RowChange change) {
    try {
      Boolean passes = (Boolean) filter.evaluate(scope);
      return passes != null && passes;
    } catch (EvaluationException e) {
      TargetColumn.ExpressionText text = compiled.filterText().orElseThrow();
      throw failed("The filter", text, change, e);
    }
  }

  private Row project(RowChange change) {
    Object[] values = new Object[mapping.length];
    int i = 0;
    try {
      for (; i < values.length; i++) {
        values[i] = mapping[i].evaluate(scope);
      }
    } catch (EvaluationException e) {
      String name = targetSchema.columns().get(i).name();
      TargetColumn.ExpressionText text =
          compiled
              .column(name)
              .flatMap(TargetColumn::sql)
              .orElse(new TargetColumn.ExpressionText(name, "conversion to the merged type"));
      throw failed("The column " + Quoted.of(name), text, change, e);
    }
    if (keyMayChange) {
      checkKey(values, change);
    }
    return Row.wrap(values);
  }

  private void checkKey(Object[] values, RowChange change) {
    for (int index : targetSchema.keyIndexes()) {
      if (values[index] == null) {
        throw new RowException(
            "The key column "
                + Quoted.of(targetSchema.columns().get(index).name())
                + " of "
                + Quoted.of(targetSchema.table())
                + " is NULL for a row of "
                + Quoted.of(change.table())
                + " at "
                + change.meta().position()
                + "; choose a key that is never NULL, or filter such rows out");
      }
    }
  }

  private static RowException failed(
      String what, TargetColumn.ExpressionText text, RowChange change, EvaluationException e) {
    return new RowException(
        what
            + " ("
            + text.place()
            + ": "
            + Quoted.escape(text.text().strip())
            + ") failed for a row of "
            + Quoted.of(change.table())
            + " at "
            + change.meta().position()
            + ": "
            + e.getMessage()
            + "; correct the row or make the expression accept it");
  }

  private boolean sameKey(Row before, Row after) {
    for (int index : targetSchema.keyIndexes()) {
      Object a = before.get(index);
      Object b = after.get(index);
      boolean text = a instanceof CharSequence && b instanceof CharSequence;
      if (text ? CharSequence.compare((CharSequence) a, (CharSequence) b) != 0 : !a.equals(b)) {
        return false;
      }
    }
    return true;
  }
}
