package io.firn.source;

/** Which of the two server families a source is. */
public enum Flavour {
  /** MySQL and what speaks exactly like it (Percona Server, Aurora MySQL, ...). */
  MYSQL("mysql"),
  /** MariaDB: other GTIDs, other JSON, its own driver. */
  MARIADB("mariadb");

  private final String label;

  Flavour(String label) {
    this.label = label;
  }

  /** The name used in pipeline files. */
  public String label() {
    return label;
  }
}
