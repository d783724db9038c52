package io.firn.dsl.spec;

/** The kinds of database that changes are captured from. */
public enum SourceType {
  /** MySQL. */
  MYSQL,
  /** MariaDB. */
  MARIADB
}
