package io.firn.source.decode;

/** Reads one column's value from a binlog row and leaves the cursor behind it. */
interface CellDecoder {

  /** The value in Iceberg's internal representation, or null (a zero date). */
  Object decode(ByteCursor in);
}
