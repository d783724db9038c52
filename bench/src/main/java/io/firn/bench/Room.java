package io.firn.bench;

import java.util.List;

/**
 * A part of the program that CPU time is charged to: the first whose marks appear in a stack.
 *
 * <p>Threads of the virtual machine come first, because what they do is nobody's row; then the
 * rooms from the innermost library outwards, so that compression inside a Parquet writer inside a
 * sink task counts as Parquet.
 */
enum Room {
  COMPILER("compiling bytecode", "C1_Compile", "C2_Compile", "CompileBroker", "CompilerThread"),
  GARBAGE("garbage collection", "GCTaskThread", "G1", "GangWorker", "WorkerThread", "ParallelGC"),
  CLASSES("loading classes", "java/lang/ClassLoader", "SystemDictionary", "ClassFileParser"),
  INDEX("primary-key index", "rocksdb", "io/firn/lake/index", "io/firn/runtime/state"),
  PARQUET("Parquet and compression", "org/apache/parquet", "ZSTD_", "zstd", "RowParquetWriters"),
  COMMIT(
      "Iceberg commit and metadata",
      "io/firn/lake/commit",
      "io/firn/lake/guard",
      "org/apache/iceberg",
      "io/firn/runtime/checkpoint"),
  SINK("sink: buffer, dedup, routing to files", "io/firn/lake"),
  TRANSFORM("transform", "io/firn/dsl"),
  SNAPSHOT("source: JDBC read", "io/firn/source/snapshot", "com/mysql/cj", "org/mariadb/jdbc"),
  BINLOG("source: binlog", "io/firn/source", "com/github/shyiko", "io/debezium"),
  RUNTIME("runtime: tasks and channels", "io/firn/runtime"),
  APP("start, options, logs", "io/firn/app", "ch/qos/logback", "picocli", "org/slf4j"),
  OTHER("other");

  private final String title;
  private final List<String> marks;

  Room(String title, String... marks) {
    this.title = title;
    this.marks = List.of(marks);
  }

  /** What it is called in the table. */
  String title() {
    return title;
  }

  /** The room that a stack, frames separated by semicolons, is charged to. */
  static Room of(String stack) {
    for (Room room : values()) {
      for (String mark : room.marks) {
        if (stack.contains(mark)) {
          return room;
        }
      }
    }
    return OTHER;
  }
}
