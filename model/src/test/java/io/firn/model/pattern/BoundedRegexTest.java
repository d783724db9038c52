package io.firn.model.pattern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.re2j.PatternSyntaxException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BoundedRegexTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "((a{1000}){1000}){1000}",
        "(a{1000}[)]){1000}",
        "(a{1000}\\)){1000}",
        "(a{1000}\\Q)\\E){1000}",
        "(a{1000}[[:alpha:])]){1000}",
        "(a{1000}[]a)]){1000}",
        "((a{10,1000}b?){2,}){1000}",
        "(((((\\pL{100}){100}){100}){100}){100}){100}"
      })
  @Timeout(5)
  void repetitionsThatMultiplyAreRefused(String regex) {
    assertThatThrownBy(() -> BoundedRegex.compile(regex, 0))
        .isInstanceOf(PatternSyntaxException.class)
        .hasMessageContaining("its repetitions come to more than 10000 characters");
  }

  @Test
  void deepAndLongExpressionsAreRefused() {
    assertThatThrownBy(() -> BoundedRegex.compile("(".repeat(9_000), 0))
        .hasMessageContaining("more than 100 groups in one another");
    assertThatThrownBy(() -> BoundedRegex.compile("a".repeat(10_001), 0))
        .hasMessageContaining("longer than 10000 characters");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[a-z]{1,64}@[a-z]{1,255}\\.[a-z]{2,63}",
        "\\d{4}-\\d{2}-\\d{2}",
        "(a|b){3}[(]{2}\\(x{1,2}",
        "[]]",
        "(x{2}){3}"
      })
  void whatPeopleWriteCompiles(String regex) {
    assertThat(BoundedRegex.compile(regex, 0).pattern()).isEqualTo(regex);
  }
}
