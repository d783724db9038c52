package io.firn.source.type;

/** How the values of a column are turned into Firn's representation. */
public enum ColumnKind {
  /** TINYINT(1), BOOL, BIT(1): true unless zero. */
  BOOLEAN,
  /** Integers that fit 32 bits signed. */
  INT,
  /** Integers that fit 64 bits signed, unsigned 32 bit included. */
  LONG,
  /** BIGINT UNSIGNED, as decimal(20, 0). */
  UNSIGNED_LONG,
  /** Single precision. */
  FLOAT,
  /** Double precision. */
  DOUBLE,
  /** DECIMAL of at most 38 digits. */
  DECIMAL,
  /** DECIMAL of more than 38 digits, as plain text. */
  DECIMAL_TEXT,
  /** DATE. */
  DATE,
  /** TIME as time of day. */
  TIME,
  /** TIME as text, hours beyond a day included. */
  TIME_TEXT,
  /** DATETIME, without zone. */
  DATETIME,
  /** TIMESTAMP, an instant. */
  TIMESTAMP,
  /** YEAR as a number. */
  YEAR,
  /** Character data. */
  TEXT,
  /** ENUM as its label. */
  ENUM,
  /** SET as its labels, separated by commas. */
  SET,
  /** MySQL's JSON as canonical text. */
  JSON,
  /** Bytes. */
  BYTES,
  /** BIT(n), big-endian bytes. */
  BITS,
  /** Spatial values: SRID and WKB as MySQL stores them, without the SRID in the lake. */
  GEOMETRY
}
