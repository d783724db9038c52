package io.firn.runtime.fake;

import io.firn.model.row.Operation;
import io.firn.model.row.RowChange;
import io.firn.model.schema.TableSchema;
import io.firn.model.stream.SchemaChange;
import io.firn.model.transform.Transform;
import java.util.List;
import java.util.function.Consumer;

/** Gives {@code orders} the owner as its key; rows of other tables pass. */
public final class RekeyByOwner implements Transform.Factory {
  private static final TableSchema BY_OWNER =
      new TableSchema(FakeDatabase.ORDERS, FakeDatabase.ORDERS_SCHEMA.columns(), List.of("owner"));

  @Override
  public boolean preservesKeys() {
    return false;
  }

  @Override
  public Transform create() {
    return new Transform() {
      @Override
      public void apply(RowChange change, Consumer<RowChange> out) {
        if (!change.table().equals(FakeDatabase.ORDERS)) {
          out.accept(change);
        } else if (change.operation() == Operation.UPDATE
            && !change.before().get(1).equals(change.after().get(1))) {
          out.accept(
              new RowChange(BY_OWNER, Operation.DELETE, change.before(), null, change.meta()));
          out.accept(
              new RowChange(BY_OWNER, Operation.INSERT, null, change.after(), change.meta()));
        } else {
          out.accept(
              new RowChange(
                  BY_OWNER, change.operation(), change.before(), change.after(), change.meta()));
        }
      }

      @Override
      public List<SchemaChange> apply(SchemaChange change) {
        return List.of(
            change.table().equals(FakeDatabase.ORDERS) ? change.withSchemaAfter(BY_OWNER) : change);
      }
    };
  }
}
