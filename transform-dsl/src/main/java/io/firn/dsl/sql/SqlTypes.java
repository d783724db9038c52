package io.firn.dsl.sql;

import io.firn.dsl.expression.ValueType;
import io.firn.dsl.expression.ValueType.Kind;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.rel.type.RelDataTypeSystemImpl;
import org.apache.calcite.sql.type.SqlTypeFactoryImpl;
import org.apache.calcite.sql.type.SqlTypeName;

/** Calcite's types for ours and back. */
final class SqlTypes {
  private SqlTypes() {}

  /** Decimals of 38 digits, times in microseconds, text without padding. */
  private static final class System extends RelDataTypeSystemImpl {
    @Override
    public int getMaxPrecision(SqlTypeName type) {
      return switch (type) {
        case DECIMAL -> ValueType.MAX_PRECISION;
        case TIME, TIMESTAMP, TIMESTAMP_WITH_LOCAL_TIME_ZONE -> 6;
        default -> super.getMaxPrecision(type);
      };
    }

    @Override
    public int getMaxScale(SqlTypeName type) {
      return type == SqlTypeName.DECIMAL ? ValueType.MAX_PRECISION : super.getMaxScale(type);
    }

    @Override
    public int getDefaultPrecision(SqlTypeName type) {
      return switch (type) {
        case DECIMAL -> 10;
        case TIME, TIMESTAMP, TIMESTAMP_WITH_LOCAL_TIME_ZONE -> 6;
        default -> super.getDefaultPrecision(type);
      };
    }

    @Override
    public boolean shouldConvertRaggedUnionTypesToVarying() {
      return true;
    }
  }

  /** A factory whose text is Unicode. */
  static final class Factory extends SqlTypeFactoryImpl {
    Factory() {
      super(new System());
    }

    @Override
    public Charset getDefaultCharset() {
      return StandardCharsets.UTF_8;
    }
  }

  /** Calcite's type for a type of ours. */
  static RelDataType toSql(ValueType type, RelDataTypeFactory factory) {
    RelDataType bare =
        switch (type.kind()) {
          case NULL -> factory.createSqlType(SqlTypeName.NULL);
          case BOOLEAN -> factory.createSqlType(SqlTypeName.BOOLEAN);
          case INT -> factory.createSqlType(integerName(type.precision()));
          case LONG -> factory.createSqlType(SqlTypeName.BIGINT);
          case FLOAT -> factory.createSqlType(SqlTypeName.REAL);
          case DOUBLE -> factory.createSqlType(SqlTypeName.DOUBLE);
          case DECIMAL ->
              factory.createSqlType(SqlTypeName.DECIMAL, type.precision(), type.scale());
          case TEXT -> factory.createSqlType(SqlTypeName.VARCHAR);
          case BYTES -> factory.createSqlType(SqlTypeName.VARBINARY);
          case DATE -> factory.createSqlType(SqlTypeName.DATE);
          case TIME -> factory.createSqlType(SqlTypeName.TIME, 6);
          case TIMESTAMP -> factory.createSqlType(SqlTypeName.TIMESTAMP, 6);
          case INSTANT -> factory.createSqlType(SqlTypeName.TIMESTAMP_WITH_LOCAL_TIME_ZONE, 6);
          case OTHER -> factory.createSqlType(SqlTypeName.ANY);
        };
    return factory.createTypeWithNullability(bare, type.nullable());
  }

  private static SqlTypeName integerName(int bits) {
    return bits == 8
        ? SqlTypeName.TINYINT
        : bits == 16 ? SqlTypeName.SMALLINT : SqlTypeName.INTEGER;
  }

  /** Our type for a type of Calcite's; {@code OTHER} for those we do not have. */
  static ValueType fromSql(RelDataType type) {
    boolean nullable = type.isNullable();
    return switch (type.getSqlTypeName()) {
      case NULL -> ValueType.of(Kind.NULL, true);
      case BOOLEAN -> ValueType.of(Kind.BOOLEAN, nullable);
      case TINYINT -> new ValueType(Kind.INT, 8, 0, nullable);
      case SMALLINT -> new ValueType(Kind.INT, 16, 0, nullable);
      case INTEGER -> ValueType.of(Kind.INT, nullable);
      case BIGINT -> ValueType.of(Kind.LONG, nullable);
      case REAL -> ValueType.of(Kind.FLOAT, nullable);
      case FLOAT, DOUBLE -> ValueType.of(Kind.DOUBLE, nullable);
      case DECIMAL -> ValueType.decimal(type.getPrecision(), type.getScale(), nullable);
      case CHAR, VARCHAR -> ValueType.of(Kind.TEXT, nullable);
      case BINARY, VARBINARY -> ValueType.of(Kind.BYTES, nullable);
      case DATE -> ValueType.of(Kind.DATE, nullable);
      case TIME -> ValueType.of(Kind.TIME, nullable);
      case TIMESTAMP -> ValueType.of(Kind.TIMESTAMP, nullable);
      case TIMESTAMP_WITH_LOCAL_TIME_ZONE -> ValueType.of(Kind.INSTANT, nullable);
      default -> ValueType.of(Kind.OTHER, nullable);
    };
  }
}
