package io.firn.dsl.function;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.firn.dsl.expression.EvaluationException;
import io.firn.dsl.expression.Expression;
import io.firn.dsl.finding.Quoted;
import io.firn.model.pattern.BoundedRegex;
import java.util.ArrayList;
import java.util.List;

/** Regular expressions on row data: RE2/J, whose time is linear in the text. */
final class RegularExpressions {
  private RegularExpressions() {}

  /**
   * Compiles regular expressions and remembers the last one, which with a constant is the only one.
   *
   * <p><b>Threading</b>: used by one thread.
   */
  private static final class Compiler {
    private String text;
    private Pattern pattern;

    Pattern compile(String regex) {
      if (!regex.equals(text)) {
        try {
          pattern = BoundedRegex.compile(regex, 0);
        } catch (PatternSyntaxException e) {
          throw new EvaluationException(
              Quoted.of(regex) + " is not a regular expression: " + e.getDescription());
        }
        text = regex;
      }
      return pattern;
    }
  }

  private static Compiler compiler(Signature.Call call) {
    Compiler compiler = new Compiler();
    // A wrong constant is found when the pipeline is checked, not at the first row.
    Bindings.constantText(call, 1).ifPresent(compiler::compile);
    return compiler;
  }

  static Expression replace(Signature.Call call) {
    Compiler compiler = compiler(call);
    return Bindings.strict(
        call.arguments(),
        values -> {
          Pattern pattern = compiler.compile(values[1].toString());
          try {
            return pattern.matcher(values[0].toString()).replaceAll(values[2].toString());
          } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
            throw new EvaluationException(
                "The replacement " + Quoted.of(values[2]) + " does not fit " + Quoted.of(pattern));
          }
        });
  }

  static Expression extract(Signature.Call call) {
    Compiler compiler = compiler(call);
    return Bindings.strict(
        call.arguments(),
        values -> {
          Matcher matcher = compiler.compile(values[1].toString()).matcher(values[0].toString());
          long group = values.length > 2 ? (Long) values[2] : 0;
          if (group < 0 || group > matcher.groupCount()) {
            throw new EvaluationException(
                Quoted.of(values[1]) + " has no group " + group + ", only " + matcher.groupCount());
          }
          return matcher.find() ? matcher.group((int) group) : null;
        });
  }

  static Expression like(Signature.Call call) {
    Compiler compiler = compiler(call);
    List<Expression> arguments = new ArrayList<>(call.arguments());
    return Bindings.strict(
        arguments,
        values -> compiler.compile(values[1].toString()).matcher(values[0].toString()).find());
  }
}
