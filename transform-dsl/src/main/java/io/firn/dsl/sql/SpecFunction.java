package io.firn.dsl.sql;

import io.firn.dsl.expression.ValueType;
import io.firn.dsl.finding.Quoted;
import io.firn.dsl.function.FunctionSpec;
import io.firn.dsl.function.Signature;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.sql.SqlCallBinding;
import org.apache.calcite.sql.SqlFunction;
import org.apache.calcite.sql.SqlFunctionCategory;
import org.apache.calcite.sql.SqlKind;
import org.apache.calcite.sql.SqlOperandCountRange;
import org.apache.calcite.sql.SqlOperator;
import org.apache.calcite.sql.SqlOperatorBinding;
import org.apache.calcite.sql.type.SqlOperandCountRanges;
import org.apache.calcite.sql.type.SqlOperandTypeChecker;

/** A function of ours as Calcite's validator sees it: arity, argument types and result type. */
final class SpecFunction extends SqlFunction {
  private final FunctionSpec spec;

  SpecFunction(FunctionSpec spec) {
    super(
        spec.name(),
        SqlKind.OTHER_FUNCTION,
        binding -> resultType(spec, binding),
        null,
        new Checker(spec),
        SqlFunctionCategory.USER_DEFINED_FUNCTION);
    this.spec = spec;
  }

  FunctionSpec spec() {
    return spec;
  }

  @Override
  public boolean isDeterministic() {
    return spec.deterministic();
  }

  /** A signature and the types that a call's arguments are converted to for it. */
  record Match(Signature signature, List<ValueType> types) {}

  /** The signature that a call with arguments of these types uses. */
  static Optional<Match> match(FunctionSpec spec, List<ValueType> arguments) {
    for (Signature signature : spec.signatures()) {
      Optional<List<ValueType>> types = signature.accept(arguments);
      if (types.isPresent()) {
        return Optional.of(new Match(signature, types.get()));
      }
    }
    return Optional.empty();
  }

  private static List<ValueType> argumentTypes(SqlOperatorBinding binding) {
    List<ValueType> types = new ArrayList<>();
    for (RelDataType type : binding.collectOperandTypes()) {
      types.add(SqlTypes.fromSql(type));
    }
    return types;
  }

  private static RelDataType resultType(FunctionSpec spec, SqlOperatorBinding binding) {
    Match match = match(spec, argumentTypes(binding)).orElseThrow();
    ValueType result = match.signature().result().derive(match.types()).orElseThrow();
    return SqlTypes.toSql(result, binding.getTypeFactory());
  }

  private record Checker(FunctionSpec spec) implements SqlOperandTypeChecker {
    @Override
    public boolean checkOperandTypes(SqlCallBinding binding, boolean throwOnFailure) {
      List<ValueType> types = argumentTypes(binding);
      if (match(spec, types).isPresent()) {
        return true;
      }
      if (throwOnFailure) {
        throw new SqlException(
            binding.getCall(),
            "The function "
                + spec.name()
                + " cannot take ("
                + types.stream().map(ValueType::title).collect(Collectors.joining(", "))
                + ")",
            "it takes " + signatures());
      }
      return false;
    }

    private String signatures() {
      return spec.signatures().stream().map(Signature::title).collect(Collectors.joining(" or "));
    }

    @Override
    public SqlOperandCountRange getOperandCountRange() {
      int min = spec.signatures().stream().mapToInt(Signature::minArguments).min().orElse(0);
      int max = spec.signatures().stream().mapToInt(Signature::maxArguments).max().orElse(0);
      return SqlOperandCountRanges.between(min, max);
    }

    @Override
    public String getAllowedSignatures(SqlOperator operator, String name) {
      return Quoted.of(name) + " " + signatures();
    }
  }
}
