package io.firn.lake.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class SecretsTest {
  private final Secrets secrets =
      Secrets.in(Map.of("s3.secret-access-key", "abcDEF123", "token", "t0k", "uri", "http://x"));

  @Test
  void valuesOfSecretPropertiesAndUrlPasswordsAreHidden() {
    assertThat(secrets.clean("bad key abcDEF123 and t0k at http://x"))
        .isEqualTo("bad key *** and *** at http://x");
    assertThat(secrets.clean("jdbc:mysql://u:pw@host/db?user=a&password=pw2&x=1"))
        .isEqualTo("jdbc:mysql://u:***@host/db?user=a&password=***&x=1");
  }

  @Test
  void causesWithSecretsAreNotAttached() {
    assertThat(secrets.asCause(new RuntimeException("x", new Exception("abcDEF123")))).isNull();
    RuntimeException harmless = new RuntimeException("x");
    assertThat(secrets.asCause(harmless)).isSameAs(harmless);
  }

  @Test
  void controlCharactersAreEscapedAndLongValuesCut() {
    assertThat(secrets.value("a\nb")).isEqualTo("a\\u000ab");
    assertThat(secrets.value("y".repeat(500))).hasSize(203).endsWith("...");
  }

  @Test
  void explanationsFollowTheCausesThatSayMore() {
    assertThat(
            secrets.explain(
                new RuntimeException(
                    "outer", new RuntimeException("outer", new Exception("root")))))
        .isEqualTo("outer: root");
  }
}
