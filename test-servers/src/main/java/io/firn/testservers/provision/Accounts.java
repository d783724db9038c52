package io.firn.testservers.provision;

import io.firn.testservers.Account;

/** The accounts that every database server here has, reachable over TCP. */
public final class Accounts {
  /** May do everything. */
  public static final Account ROOT = new Account("root", "firn-root-s3cret");

  /** May do what capturing needs. */
  public static final Account CDC = new Account("cdc", "firn-cdc-s3cret");

  private Accounts() {}

  /** Part of the name of a data directory that has these accounts. */
  public static String fingerprint() {
    return Integer.toHexString(statements().hashCode());
  }

  /** The statements that create them in an empty server, one a line. */
  public static String statements() {
    return ("CREATE USER 'root'@'%%' IDENTIFIED BY '%s';\n"
            + "GRANT ALL PRIVILEGES ON *.* TO 'root'@'%%' WITH GRANT OPTION;\n"
            + "CREATE USER 'cdc'@'%%' IDENTIFIED BY '%s';\n"
            + "GRANT SELECT, RELOAD, SHOW DATABASES, LOCK TABLES, REPLICATION SLAVE,"
            + " REPLICATION CLIENT ON *.* TO 'cdc'@'%%';\n")
        .formatted(ROOT.password(), CDC.password());
  }
}
