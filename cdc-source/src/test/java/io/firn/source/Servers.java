package io.firn.source;

import io.firn.model.secret.Secret;
import io.firn.source.connect.TablePatterns;
import io.firn.testservers.DatabaseServer;
import io.firn.testservers.MySqlServer;
import io.firn.testservers.TcpProxy;
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

  /** Like {@link #options}, over a proxy. */
  static MySqlSourceOptions.Builder through(TcpProxy proxy, DatabaseServer server, String tables) {
    Flavour flavour = server instanceof MySqlServer ? Flavour.MYSQL : Flavour.MARIADB;
    return MySqlSourceOptions.builder(
            flavour,
            "127.0.0.1",
            proxy.port(),
            server.cdc().user(),
            new Secret(server.cdc().password()))
        .tables(TablePatterns.parse(tables, ""))
        .connectTimeout(Duration.ofSeconds(2))
        .heartbeatInterval(Duration.ofMillis(100));
  }

  static MySqlSource source(DatabaseServer server, String tables) {
    return new MySqlSource(options(server, tables).build());
  }
}
