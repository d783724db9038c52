package io.firn.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.source.preflight.MySqlPreflight;
import io.firn.testservers.CertificateAuthority;
import io.firn.testservers.CertificateAuthority.Issued;
import io.firn.testservers.DatabaseServer;
import io.firn.testservers.MySqlServer;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MySqlTlsTest extends TlsContract {

  @Override
  DatabaseServer start(CertificateAuthority authority, Issued certificate) {
    return MySqlServer.start(
        "--ssl-ca=" + authority.certificate(),
        "--ssl-cert=" + certificate.certificate(),
        "--ssl-key=" + certificate.key());
  }

  @Override
  DatabaseServer startWithoutTls() {
    return MySqlServer.start("--tls-version=");
  }

  @Override
  Flavour flavour() {
    return Flavour.MYSQL;
  }

  @Test
  void preferredTakesWhatThereIs() {
    for (MySqlServer server :
        new MySqlServer[] {MySqlServer.start(), MySqlServer.start("--tls-version=")}) {
      try (server) {
        server.execute("CREATE DATABASE d", "CREATE TABLE d.t (id INT PRIMARY KEY)");
        MySqlSourceOptions options =
            Servers.options(server, "d.t")
                .debeziumProperties(Map.of("database.ssl.mode", "preferred"))
                .build();
        assertThat(MySqlPreflight.check(options)).isEmpty();
        try (Recording recording = Recording.open(new MySqlSource(options)).toEnd()) {
          server.execute("INSERT INTO d.t VALUES (1)");
          assertThat(recording.toEnd().changes()).hasSize(1);
        }
      }
    }
  }
}
