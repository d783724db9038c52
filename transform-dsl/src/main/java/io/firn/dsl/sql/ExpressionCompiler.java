package io.firn.dsl.sql;

import io.firn.dsl.expression.Expression;
import io.firn.dsl.expression.Session;
import io.firn.dsl.expression.ValueType;
import io.firn.dsl.expression.ValueType.Kind;
import io.firn.dsl.finding.Findings;
import io.firn.dsl.spec.SqlText;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import org.apache.calcite.config.CalciteConnectionConfigImpl;
import org.apache.calcite.jdbc.CalciteSchema;
import org.apache.calcite.prepare.CalciteCatalogReader;
import org.apache.calcite.rel.type.RelDataType;
import org.apache.calcite.runtime.CalciteContextException;
import org.apache.calcite.runtime.CalciteException;
import org.apache.calcite.sql.SqlNode;
import org.apache.calcite.sql.parser.SqlParserPos;
import org.apache.calcite.sql.validate.SqlValidator;
import org.apache.calcite.sql.validate.SqlValidatorUtil;

/**
 * Checks one parsed expression against the columns there are and compiles it: names are bound,
 * Calcite validates and types the tree, and the tree becomes an {@link Expression}.
 */
public final class ExpressionCompiler {
  private static final SqlTypes.Factory TYPES = new SqlTypes.Factory();

  private final Session session;
  private final Findings findings;

  /**
   * @param session what holds for all expressions
   * @param findings where problems are noted
   */
  public ExpressionCompiler(Session session, Findings findings) {
    this.session = session;
    this.findings = findings;
  }

  /**
   * A compiled expression.
   *
   * @param expression computes the value
   * @param type its type
   * @param columns the names it uses
   * @param volatility what it depends on besides the row
   */
  public record Compiled(
      Expression expression, ValueType type, Set<String> columns, Volatility volatility) {}

  /**
   * Compiles an expression.
   *
   * @param node the parsed expression
   * @param text the text it was parsed from, for the places of findings
   * @param path path of the setting, for findings
   * @return empty after noting everything that is wrong with it
   */
  public Optional<Compiled> compile(SqlNode node, Columns columns, SqlText text, String path) {
    try {
      NameResolver resolver = new NameResolver(columns);
      SqlNode resolved = node.accept(resolver);
      if (!resolver.problems().isEmpty()) {
        resolver.problems().forEach(problem -> note(problem, text, path));
        return Optional.empty();
      }
      SqlValidator validator = validator();
      SqlNode valid =
          validator.validateParameterizedExpression(resolved, sqlTypes(columns, resolver.used()));
      NodeCompiler.Typed typed = new NodeCompiler(validator, columns, session).compile(valid);
      return Optional.of(
          new Compiled(typed.expression(), typed.type(), resolver.used(), resolver.volatility()));
    } catch (SqlException e) {
      note(e, text, path);
    } catch (CalciteContextException e) {
      note(SqlMessages.of(e), text, path);
    } catch (CalciteException e) {
      note(SqlMessages.of(e, node.getParserPosition()), text, path);
    } catch (StackOverflowError e) {
      note(SqlMessages.tooDeep(), text, path);
    }
    return Optional.empty();
  }

  /** Compiles a condition: as {@link #compile}, but what is not a truth value is noted. */
  public Optional<Compiled> compileCondition(
      SqlNode node, Columns columns, SqlText text, String path) {
    Optional<Compiled> compiled = compile(node, columns, text, path);
    Kind kind = compiled.map(c -> c.type().kind()).orElse(Kind.BOOLEAN);
    if (kind != Kind.BOOLEAN && kind != Kind.NULL) {
      note(
          new SqlException(
              node,
              "The condition has the type " + compiled.get().type().title() + ", not boolean",
              "compare it with something, such as 'x > 0'"),
          text,
          path);
      return Optional.empty();
    }
    return compiled;
  }

  private void note(SqlException problem, SqlText text, String path) {
    SqlParserPos position = problem.position();
    findings.error(
        text.at(position.getLineNum(), position.getColumnNum()),
        path,
        problem.getMessage(),
        problem.remedy());
  }

  private static Map<String, RelDataType> sqlTypes(Columns columns, Set<String> used) {
    Map<String, RelDataType> types = new HashMap<>();
    for (String name : used) {
      types.put(name, SqlTypes.toSql(columns.all().get(name).type(), TYPES));
    }
    return types;
  }

  private static SqlValidator validator() {
    CalciteCatalogReader catalog =
        new CalciteCatalogReader(
            CalciteSchema.createRootSchema(false, false),
            List.of(),
            TYPES,
            new CalciteConnectionConfigImpl(new Properties()));
    return SqlValidatorUtil.newValidator(
        Operators.all(),
        catalog,
        TYPES,
        SqlValidator.Config.DEFAULT
            .withTypeCoercionEnabled(true)
            .withTypeCoercionFactory(DateCoercion::new)
            .withCallRewrite(false)
            .withIdentifierExpansion(false)
            .withConformance(SqlReader.CONFORMANCE));
  }
}
