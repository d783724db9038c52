package io.firn.lake.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.model.error.ConfigurationException;
import java.util.List;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.Test;

class PartitionExpressionsTest {
  private final Schema schema =
      new Schema(
          Types.NestedField.required(1, "id", Types.LongType.get()),
          Types.NestedField.optional(2, "created_at", Types.TimestampType.withoutZone()),
          Types.NestedField.optional(3, "name", Types.StringType.get()),
          Types.NestedField.optional(4, "odd (name)", Types.StringType.get()));

  private PartitionSpec parse(String... expressions) {
    return PartitionExpressions.parse(List.of(expressions), schema, "db.t");
  }

  @Test
  void allTransformsAreUnderstood() {
    PartitionSpec spec =
        parse("day(created_at)", " bucket( 16 , id ) ", "truncate(4,name)", "odd (name)");
    assertThat(spec.fields().stream().map(f -> f.transform().toString()))
        .containsExactly("day", "bucket[16]", "truncate[4]", "identity");
    assertThat(parse("YEAR(created_at)").fields().get(0).name()).isEqualTo("created_at_year");
    assertThat(parse("month(created_at)", "name").fields()).hasSize(2);
    assertThat(parse("hour(created_at)").fields()).hasSize(1);
    assertThat(parse().isUnpartitioned()).isTrue();
  }

  @Test
  void whatCannotBeDoneIsSaid() {
    assertRefused("nope", "no such column");
    assertRefused("day(nope)", "no column 'nope'");
    assertRefused("week(created_at)", "no function 'week'");
    assertRefused("bucket(id)", "width is missing");
    assertRefused("bucket(0, id)", "must not be 0");
    assertRefused("day(3, created_at)", "takes a column only");
    assertRefused("day(name)", "day");
  }

  private void assertRefused(String expression, String message) {
    assertThatThrownBy(() -> parse(expression))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(message)
        .hasMessageContaining("db.t")
        .hasMessageContaining("'" + expression + "'");
  }
}
