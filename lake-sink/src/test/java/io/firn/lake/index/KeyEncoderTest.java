package io.firn.lake.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.model.error.ConfigurationException;
import io.firn.model.error.RowException;
import io.firn.model.row.KeyHash;
import io.firn.model.row.Row;
import io.firn.model.schema.Column;
import io.firn.model.schema.TableId;
import io.firn.model.schema.TableSchema;
import io.firn.model.state.KeyGroups;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.junit.jupiter.api.Test;

class KeyEncoderTest {
  private static final TableId TABLE = new TableId("shop", "orders");

  private static TableSchema schema(Type... types) {
    List<Column> columns = new ArrayList<>();
    List<String> key = new ArrayList<>();
    for (int i = 0; i < types.length; i++) {
      columns.add(Column.of("k" + i, types[i], false));
      key.add("k" + i);
    }
    return new TableSchema(TABLE, columns, key);
  }

  private static byte[] values(TableSchema schema, Object... key) {
    Row row = Row.of(key);
    byte[] bytes = new KeyEncoder(TABLE, schema).encode(row, KeyHash.of(row, schema.keyIndexes()));
    return Arrays.copyOfRange(bytes, KeyEncoder.VALUES_OFFSET, bytes.length);
  }

  private static void assertAscending(TableSchema schema, Object[]... keys) {
    for (int i = 1; i < keys.length; i++) {
      assertThat(Arrays.compareUnsigned(values(schema, keys[i - 1]), values(schema, keys[i])))
          .as("%s < %s", Arrays.toString(keys[i - 1]), Arrays.toString(keys[i]))
          .isNegative();
    }
  }

  private static Object[][] singles(Object... values) {
    return Arrays.stream(values).map(value -> new Object[] {value}).toArray(Object[][]::new);
  }

  @Test
  void bytesCompareLikeValues() {
    assertAscending(schema(Types.BooleanType.get()), singles(false, true));
    assertAscending(
        schema(Types.IntegerType.get()), singles(Integer.MIN_VALUE, -1, 0, 1, Integer.MAX_VALUE));
    assertAscending(
        schema(Types.LongType.get()), singles(Long.MIN_VALUE, -256L, -1L, 0L, 255L, 256L));
    assertAscending(
        schema(Types.FloatType.get()), singles(-Float.MAX_VALUE, -1f, 0f, Float.MIN_VALUE, 2f));
    assertAscending(
        schema(Types.DoubleType.get()), singles(-1e300, -1.5, 0d, Double.MIN_VALUE, 1e300));
    assertAscending(
        schema(Types.DecimalType.of(38, 2)),
        singles(
            new BigDecimal("-999999999999.99"),
            new BigDecimal("-1.29"),
            new BigDecimal("-1.28"),
            new BigDecimal("-0.01"),
            new BigDecimal("0.00"),
            new BigDecimal("1.27"),
            new BigDecimal("1.28"),
            new BigDecimal("2.56"),
            new BigDecimal("999999999999.99")));
    assertAscending(
        schema(Types.StringType.get()), singles("", "\0", "\0a", "a", "a\0", "ab", "b", "ä"));
  }

  @Test
  void compositeKeysCannotRunIntoEachOther() {
    TableSchema schema = schema(Types.StringType.get(), Types.BinaryType.get());
    List<byte[]> seen = new ArrayList<>();
    String[] texts = {"", "\0", "a", "a\0", "\0\1", "\0\u00ff", "a\1", "aä"};
    byte[][] binaries = {{}, {0}, {1}, {0, 1}, {'a'}, {'a', 0}, {(byte) 0xFF}, {0, (byte) 0xFF}};
    for (String text : texts) {
      for (byte[] binary : binaries) {
        byte[] bytes = values(schema, text, ByteBuffer.wrap(binary));
        assertThat(seen).noneMatch(other -> Arrays.equals(other, bytes));
        seen.add(bytes);
      }
    }
    assertAscending(
        schema(Types.StringType.get(), Types.IntegerType.get()),
        new Object[] {"a", 5},
        new Object[] {"a", 6},
        new Object[] {"a\0", 1},
        new Object[] {"ab", 1});
  }

  @Test
  void wideningKeepsTheBytesAndTheKeyGroup() {
    TableSchema narrow = schema(Types.IntegerType.get(), Types.DecimalType.of(5, 2));
    TableSchema wide = schema(Types.LongType.get(), Types.DecimalType.of(20, 2));
    Row before = Row.of(-5, new BigDecimal("3.10"));
    Row after = Row.of(-5L, new BigDecimal("3.10"));
    assertThat(
            new KeyEncoder(TABLE, narrow).encode(before, KeyHash.of(before, narrow.keyIndexes())))
        .isEqualTo(new KeyEncoder(TABLE, wide).encode(after, KeyHash.of(after, wide.keyIndexes())));
  }

  @Test
  void keyBeginsWithItsKeyGroupAndTheTablesTag() {
    TableSchema schema = schema(Types.UUIDType.get());
    Row row = Row.of(new UUID(1, 2));
    int hash = KeyHash.of(row, schema.keyIndexes());
    byte[] key = new KeyEncoder(TABLE, schema).encode(row, hash);
    assertThat(key).hasSize(2 + 6 + 16);
    assertThat((key[0] & 0xFF) << 8 | (key[1] & 0xFF)).isEqualTo(KeyGroups.ofHash(hash));
    assertThat(Arrays.copyOfRange(key, 2, 8)).isEqualTo(TableTag.of(TABLE));
    assertThat(TableTag.of(TABLE)).isNotEqualTo(TableTag.of(new TableId("sho", "porders")));
  }

  @Test
  void longKeyOutgrowsTheScratchBuffer() {
    TableSchema schema = schema(Types.StringType.get(), Types.StringType.get());
    assertThat(values(schema, "x".repeat(1000), "ä".repeat(1000))).hasSize(1002 + 2000);
  }

  @Test
  void nullInTheKeyNamesTheColumn() {
    TableSchema schema = schema(Types.IntegerType.get(), Types.IntegerType.get());
    assertThatThrownBy(() -> values(schema, 1, null))
        .isInstanceOf(RowException.class)
        .hasMessageContaining("'k1' is NULL");
  }

  @Test
  void nestedTypeIsNoKey() {
    TableSchema schema = schema(Types.ListType.ofOptional(1, Types.IntegerType.get()));
    assertThatThrownBy(() -> new KeyEncoder(TABLE, schema))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("'k0'");
  }
}
