package io.firn.dsl.sql;

import java.util.List;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.rel.type.RelDataTypeFactory;
import org.apache.calcite.sql.SqlCall;
import org.apache.calcite.sql.SqlCallBinding;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.type.SqlTypeFamily;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.sql.type.SqlTypeUtil;
import org.apache.calcite.sql.validate.SqlValidator;
import org.apache.calcite.sql.validate.SqlValidatorScope;
import org.apache.calcite.sql.validate.implicit.TypeCoercionImpl;

/**
 * The one coercion that Calcite is left: dates are compared with timestamps. It would also turn
 * {@code name > 5} into a cast that fails for every row.
 */
final class DateCoercion extends TypeCoercionImpl {
  DateCoercion(RelDataTypeFactory factory, SqlValidator validator) {
    super(factory, validator);
  }

  @Override
  public boolean binaryComparisonCoercion(SqlCallBinding binding) {
    RelDataType timestamp = null;
    for (RelDataType type : binding.collectOperandTypes()) {
      if (SqlTypeUtil.isTimestamp(type)
          && (timestamp == null || type.getSqlTypeName() != SqlTypeName.TIMESTAMP)) {
        timestamp = type;
      }
    }
    boolean coerced = false;
    for (int i = 0; timestamp != null && i < binding.getOperandCount(); i++) {
      if (SqlTypeUtil.isDate(binding.getOperandType(i))) {
        coerced |= coerceOperandType(binding.getScope(), binding.getCall(), i, timestamp);
      }
    }
    return coerced;
  }

  @Override
  public boolean inOperationCoercion(SqlCallBinding binding) {
    return false;
  }

  @Override
  public boolean binaryArithmeticCoercion(SqlCallBinding binding) {
    return false;
  }

  @Override
  public boolean caseOrEquivalentCoercion(SqlCallBinding binding) {
    return false;
  }

  @Override
  public boolean builtinFunctionCoercion(
      SqlCallBinding binding,
      List<RelDataType> operandTypes,
      List<SqlTypeFamily> expectedFamilies) {
    return false;
  }

  @Override
  public boolean userDefinedFunctionCoercion(
      SqlValidatorScope scope, SqlCall call, SqlFunction function) {
    return false;
  }

  @Override
  public boolean rowTypeCoercion(
      SqlValidatorScope scope, SqlNode query, int columnIndex, RelDataType targetType) {
    return false;
  }
}
