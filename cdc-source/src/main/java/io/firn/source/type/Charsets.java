package io.firn.source.type;

import io.debezium.connector.binlog.charset.BinlogCharsetRegistry;
import io.debezium.connector.mariadb.charset.MariaDbCharsetRegistry;
import io.debezium.connector.mysql.charset.MySqlCharsetRegistry;
import io.firn.source.Flavour;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Locale;

/** Java character sets for the server's names of them. */
public final class Charsets {
  private final Charset latin1 = new ServerLatin1();
  private final BinlogCharsetRegistry registry;

  /** The character sets of a flavour. */
  public Charsets(Flavour flavour) {
    this.registry =
        flavour == Flavour.MYSQL ? new MySqlCharsetRegistry() : new MariaDbCharsetRegistry();
  }

  /** Debezium's registry, as its DDL parsers want it. */
  public BinlogCharsetRegistry registry() {
    return registry;
  }

  /** The Java character set for a server's name; UTF-8 for an unknown or missing name. */
  public Charset forName(String name) {
    if (name == null) {
      return StandardCharsets.UTF_8;
    }
    String lower = name.toLowerCase(Locale.ROOT);
    switch (lower) {
      case "utf8", "utf8mb3", "utf8mb4", "ascii" -> {
        return StandardCharsets.UTF_8;
      }
      case "latin1" -> {
        return latin1;
      }
      default -> {
        String java = registry.getJavaEncodingForCharSet(lower);
        try {
          return java == null ? StandardCharsets.UTF_8 : Charset.forName(java);
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
          return StandardCharsets.UTF_8;
        }
      }
    }
  }

  /** The Java character set of a collation; null for the binary one and for an unknown one. */
  public Charset forCollation(int collation) {
    String name = registry.getCharsetNameForCollationIndex(collation);
    return name == null || name.equals("binary") ? null : forName(name);
  }
}
