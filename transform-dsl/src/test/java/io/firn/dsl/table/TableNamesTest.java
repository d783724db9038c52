package io.firn.dsl.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.dsl.field.BadValueException;
import io.firn.model.schema.TableId;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TableNamesTest {

  @Test
  void templateIsFilledWithGroups() throws Exception {
    TableTemplate template = TableTemplate.parse("sink_db_$1.sink_table_$2");
    assertThat(template.fill(List.of("", "foo", "b.ar")))
        .isEqualTo(new TableId("sink_db_foo", "sink_table_b.ar"));
    assertThat(TableTemplate.parse("s.<>_x").replace("<>", "$1.t"))
        .isEqualTo(new TableId("s", "$1.t_x"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a.b",
        "a.b:",
        "a.b:x,",
        "a.b:bucket(x)",
        "a.b:bucket[0](x)",
        "a.b:bucket[x](x)",
        "a.b:day[3](x)",
        "a.b:day()",
        "a.b:dya(x)",
        "a.b:day(x",
      })
  void badPartitioningIsRefused(String text) {
    assertThatThrownBy(() -> PartitionKeys.parse(text)).isInstanceOf(BadValueException.class);
  }

  @Test
  void partitioningIsReadAsInFlinkCdc() throws Exception {
    String text =
        "testdb.table1:truncate[10](id);testdb.table2:hour(create_time);testdb.table3:id1,id2;"
            + "testdb.table6:bucket[10](create_time)";
    assertThat(PartitionKeys.parse(text)).hasToString(text);
  }

  @Test
  void writeModesAreReadInOrder() throws Exception {
    WriteModes modes = WriteModes.parse("shop.orders: history;shop.\\.*:soft-delete;");
    assertThat(modes).hasToString("shop.orders:history;shop.\\.*:soft-delete");
    assertThat(modes.of(new TableId("shop", "orders"))).contains(WriteMode.HISTORY);
    assertThat(modes.of(new TableId("shop", "items"))).contains(WriteMode.SOFT_DELETE);
    assertThat(modes.of(new TableId("other", "orders"))).isEmpty();
  }

  @Test
  void unknownWriteModeIsFoundAtItsPlace() {
    assertThatThrownBy(() -> WriteModes.parse("a.b:upsert;c.d:histroy"))
        .isInstanceOfSatisfying(
            BadValueException.class,
            e -> {
              assertThat(e.offset()).isEqualTo(15);
              assertThat(e.remedy()).contains("'history'");
            });
    assertThatThrownBy(() -> WriteModes.parse("a.b")).isInstanceOf(BadValueException.class);
  }
}
