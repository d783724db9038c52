package io.firn.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.model.error.ConfigurationException;
import io.firn.model.secret.Secret;
import io.firn.source.binlog.BinlogConnections;
import io.firn.source.connect.TablePatterns;
import io.firn.source.preflight.MySqlPreflight;
import io.firn.source.preflight.Problem;
import io.firn.testservers.CertificateAuthority;
import io.firn.testservers.CertificateAuthority.Issued;
import io.firn.testservers.DatabaseServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** JDBC and binlog are encrypted alike, and never less than the pipeline file asks for. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class TlsContract {
  private static final String PASSWORD = "tls-pass-s3cret";

  private DatabaseServer server;
  private DatabaseServer plain;
  private CertificateAuthority authority;
  private CertificateAuthority stranger;
  private Issued client;

  abstract DatabaseServer start(CertificateAuthority authority, Issued certificate);

  abstract DatabaseServer startWithoutTls();

  abstract Flavour flavour();

  @BeforeAll
  void startServers(@TempDir Path directory) throws Exception {
    authority = new CertificateAuthority(Files.createDirectory(directory.resolve("own")));
    stranger = new CertificateAuthority(Files.createDirectory(directory.resolve("other")));
    client = authority.issue("client");
    server = start(authority, authority.issue("localhost"));
    plain = startWithoutTls();
    for (DatabaseServer one : new DatabaseServer[] {server, plain}) {
      one.execute("CREATE DATABASE d", "CREATE TABLE d.t (id INT PRIMARY KEY)");
    }
    for (String[] user : new String[][] {{"encrypted", "SSL"}, {"certified", "X509"}}) {
      server.execute(
          "CREATE USER '" + user[0] + "'@'%' IDENTIFIED BY '" + PASSWORD + "' REQUIRE " + user[1],
          "GRANT SELECT, RELOAD, LOCK TABLES, REPLICATION SLAVE, REPLICATION CLIENT ON *.* TO '"
              + user[0]
              + "'@'%'");
    }
  }

  @AfterAll
  void stopServers() {
    server.close();
    plain.close();
  }

  private MySqlSourceOptions options(
      DatabaseServer to, String host, String user, String mode, Map<String, String> stores) {
    Map<String, String> properties = new HashMap<>();
    stores.forEach((name, value) -> properties.put("database.ssl." + name, value));
    properties.put("database.ssl.mode", mode);
    Secret password = new Secret(to == server ? PASSWORD : to.cdc().password());
    return MySqlSourceOptions.builder(flavour(), host, to.port(), user, password)
        .tables(TablePatterns.parse("d.t", ""))
        .heartbeatInterval(Duration.ofMillis(200))
        .debeziumProperties(properties)
        .build();
  }

  private static Map<String, String> trust(CertificateAuthority whom) {
    return Map.of(
        "truststore",
        whom.trustStore().toString(),
        "truststore.password",
        CertificateAuthority.PASSWORD);
  }

  private static List<Problem> errors(MySqlSourceOptions options) {
    return MySqlPreflight.check(options).stream().filter(Problem::isError).toList();
  }

  /** The user must encrypt, so a plain connection anywhere would be refused. */
  private void assertReads(MySqlSourceOptions options) {
    assertThat(errors(options)).isEmpty();
    try (Recording recording = Recording.open(new MySqlSource(options)).toEnd()) {
      recording.forget();
      server.execute("DELETE FROM d.t", "INSERT INTO d.t VALUES (1)", "DELETE FROM d.t");
      recording.toEnd();
      assertThat(recording.changes()).hasSize(2);
    }
  }

  private static void assertRefused(MySqlSourceOptions options, String reason) {
    assertThat(errors(options))
        .singleElement()
        .satisfies(
            problem -> {
              assertThat(problem.code()).isEqualTo("tls");
              assertThat(problem.message()).contains(reason).doesNotContain("s3cret");
            });
    assertThatThrownBy(() -> BinlogConnections.tryOut(options))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(reason);
  }

  @Test
  void encryptionWithoutVerificationTakesAnyCertificate() {
    assertReads(options(server, "127.0.0.1", "encrypted", "required", Map.of()));
  }

  @Test
  void aTrustedAuthorityIsAcceptedUnderAnyName() {
    assertReads(options(server, "127.0.0.1", "encrypted", "verify_ca", trust(authority)));
  }

  @Test
  void aTrustedCertificateForTheHostIsAccepted() {
    assertReads(options(server, "localhost", "encrypted", "verify_identity", trust(authority)));
  }

  @Test
  void aCertificateForAnotherHostIsRefused() {
    assertRefused(
        options(server, "127.0.0.1", "encrypted", "verify_identity", trust(authority)),
        "the server's certificate is refused");
  }

  @Test
  void anUnknownAuthorityIsRefused() {
    for (String mode : List.of("verify_ca", "verify_identity")) {
      assertRefused(
          options(server, "localhost", "encrypted", mode, trust(stranger)),
          "the server's certificate is refused");
    }
  }

  @Test
  void theClientsCertificateIsShown() {
    Map<String, String> stores = new HashMap<>(trust(authority));
    stores.put("keystore", client.keyStore().toString());
    stores.put("keystore.password", CertificateAuthority.PASSWORD);
    assertReads(options(server, "localhost", "certified", "verify_identity", stores));
    assertThat(
            errors(options(server, "localhost", "certified", "verify_identity", trust(authority))))
        .extracting(Problem::code)
        .containsExactly("access-denied");
  }

  @Test
  void aServerWithoutTlsIsNotReadInPlainText() {
    for (String mode : List.of("required", "verify_ca", "verify_identity")) {
      assertRefused(
          options(plain, "localhost", plain.cdc().user(), mode, trust(authority)),
          "does not offer TLS");
    }
  }

  @Test
  void disabledMeansPlainText() {
    MySqlSourceOptions disabled =
        options(plain, "localhost", plain.cdc().user(), "disabled", Map.of());
    assertThat(errors(disabled)).isEmpty();
    BinlogConnections.tryOut(disabled);
    assertThat(errors(options(server, "localhost", "encrypted", "disabled", Map.of())))
        .extracting(Problem::code)
        .containsExactly("access-denied");
  }

  @Test
  void aStoreThatCannotBeReadIsNamed() {
    assertRefused(
        options(
            server,
            "localhost",
            "encrypted",
            "verify_ca",
            Map.of("truststore", "/no/such/store", "truststore.password", "x")),
        "'/no/such/store' failed: no such file");
    assertRefused(
        options(
            server,
            "localhost",
            "encrypted",
            "verify_ca",
            Map.of(
                "truststore", authority.trustStore().toString(), "truststore.password", "wrong")),
        "check 'debezium.database.ssl.truststore'");
  }

  @Test
  void anUnknownModeIsRefused() {
    assertThatThrownBy(
            () ->
                BinlogConnections.tryOut(
                    options(server, "localhost", "encrypted", "verify", Map.of())))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("'verify' is not a mode");
  }
}
