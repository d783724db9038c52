package io.firn.source;

import io.firn.model.secret.Secret;
import io.firn.source.connect.TablePatterns;
import io.firn.testservers.DatabaseServer;
import io.firn.testservers.MySqlServer;
import java.time.Duration;

/** Options for the servers of tests. */
final class Servers {
  private Servers() {}

  static MySqlSourceOptions.Builder options(DatabaseServer server, String tables) {
    Flavour flavour = server instanceof MySqlServer ? Flavour.MYSQL : Flavour.MARIADB;
    return MySqlSourceOptions.builder(
            flavour,
            server.host(),
            server.port(),
            server.cdc().user(),
            new Secret(server.cdc().password()))
        .tables(TablePatterns.parse(tables, ""))
        .heartbeatInterval(Duration.ofMillis(200));
  }

  static MySqlSource source(DatabaseServer server, String tables) {
    return new MySqlSource(options(server, tables).build());
  }
}
