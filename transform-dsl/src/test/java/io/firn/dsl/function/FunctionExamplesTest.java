package io.firn.dsl.function;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.dsl.sql.Evaluated;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The examples of the documentation are run. */
class FunctionExamplesTest {

  static Stream<Arguments> examples() {
    return Functions.all().stream()
        .flatMap(f -> f.examples().stream().map(e -> Arguments.of(e.expression(), e.result())));
  }

  @ParameterizedTest(name = "{0} is {1}")
  @MethodSource("examples")
  void exampleGivesItsResult(String expression, String result) {
    assertThat(Evaluated.text(expression)).isEqualTo(result);
  }

  @Test
  void everyDeterministicFunctionHasAnExample() {
    assertThat(Functions.all())
        .filteredOn(FunctionSpec::deterministic)
        .filteredOn(f -> f.examples().isEmpty())
        .extracting(FunctionSpec::name)
        .containsOnly("SHA1", "SHA256", "SHA512");
  }
}
