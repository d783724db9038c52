package io.firn.lake.write;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.model.error.InconsistentStateException;
import io.firn.model.row.Row;
import io.firn.model.schema.Column;
import io.firn.model.schema.TableSchema;
import io.firn.model.stream.SchemaChange;
import java.util.List;
import java.util.Map;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.Test;

class IndexRebuildTest extends WriterScenario {
  @Test
  void lostStateIsRebuiltFromTheTable() {
    startWith(ORDERS);
    for (long id = 0; id < 50; id++) {
      pipeline.write(changes.insert(ORDERS, id, "new"));
    }
    pipeline.checkpoint();
    pipeline.write(changes.delete(ORDERS, 7L, "new"));
    pipeline.checkpoint();
    int entries = pipeline.indexEntries();

    pipeline.start(2, false);
    pipeline.apply(changes.create(ORDERS));
    // Even without a row: the next life trusts this checkpoint's state.
    pipeline.checkpoint();
    assertThat(pipeline.indexEntries()).isEqualTo(entries);

    pipeline.start(3, true);
    pipeline.apply(changes.create(ORDERS));
    pipeline.write(changes.update(ORDERS, Row.of(3L, "new"), Row.of(3L, "paid")));
    pipeline.checkpoint();
    assertThat(pipeline.read(TABLE)).hasSize(49).contains(Map.of("id", 3L, "status", "paid"));
  }

  @Test
  void rebuiltIndexFindsRowsFromBeforeTheKeyWasWidened() {
    TableSchema narrow =
        new TableSchema(
            TABLE,
            List.of(Column.of("id", Types.IntegerType.get(), false), ORDERS.columns().get(1)),
            List.of("id"));
    startWith(narrow);
    pipeline.write(changes.insert(narrow, 1, "new"));
    pipeline.apply(new SchemaChange.AlterColumns(ORDERS, List.of("id"), changes.origin(ORDERS)));
    pipeline.write(changes.insert(ORDERS, 2L, "new"));
    pipeline.checkpoint();
    pipeline.start(1, false);
    pipeline.apply(changes.create(ORDERS));
    pipeline.write(changes.delete(ORDERS, 1L, "new"));
    pipeline.write(changes.delete(ORDERS, 2L, "new"));
    pipeline.checkpoint();
    assertThat(pipeline.read(TABLE)).isEmpty();
  }

  @Test
  void foreignDataFileStopsTheRebuild() {
    startWith(ORDERS);
    pipeline.write(changes.insert(ORDERS, 1L, "new"));
    DataFile ours = only(pipeline.checkpoint()).dataFiles().get(0);
    pipeline
        .lake
        .table(TABLE)
        .newAppend()
        .appendFile(
            DataFiles.builder(PartitionSpec.unpartitioned())
                .copy(ours)
                .withPath(ours.location().replace("firn-", "spark-"))
                .build())
        .commit();
    pipeline.start(1, false);
    pipeline.apply(changes.create(ORDERS));
    assertThatThrownBy(() -> pipeline.checkpoint())
        .isInstanceOf(InconsistentStateException.class)
        .hasMessageContaining("spark-");
  }
}
