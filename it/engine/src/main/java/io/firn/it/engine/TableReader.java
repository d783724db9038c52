package io.firn.it.engine;

import java.nio.file.Path;
import java.util.List;

/** Reads tables with one engine: the contract that the reader of every engine fulfils. */
public interface TableReader extends AutoCloseable {
  /** System property: directory for the files with rows; without it only hashes are printed. */
  String ROWS = "firn.it.rows.directory";

  /** System property: address of the REST catalog with the tables. */
  String CATALOG = "firn.it.catalog";

  /** Hands all rows of a table to the collector. */
  void read(TableRequest table, RowCollector rows) throws Exception;

  /**
   * What the main method of a reader does: reads each table of the command line and prints {@code
   * TABLE name rows:hash}.
   */
  static void readAll(TableReader reader, List<String> requests) throws Exception {
    String directory = System.getProperty(ROWS);
    for (String argument : requests) {
      TableRequest request = TableRequest.parse(argument);
      Path file = directory == null ? null : Path.of(directory, request.name() + ".rows");
      long start = System.nanoTime();
      try (RowCollector rows = new RowCollector(file)) {
        reader.read(request, rows);
        System.out.println("TABLE " + request.name() + " " + rows.hash());
      }
      System.err.println(request + " read in " + (System.nanoTime() - start) / 1_000_000 + " ms");
    }
  }
}
