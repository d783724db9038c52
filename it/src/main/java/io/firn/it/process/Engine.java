package io.firn.it.process;

import io.firn.testservers.provision.ChdbInstallation;
import io.firn.testservers.provision.JavaInstallation;
import io.firn.testservers.provision.ServerCache;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The query engines that read what Firn wrote, each in a process of its own. */
public enum Engine {
  SPARK("io.firn.it.spark.SparkDump"),
  FLINK("io.firn.it.flink.FlinkDump"),
  TRINO("io.firn.it.trino.TrinoDump"),
  CLICKHOUSE("io.firn.it.clickhouse.ClickHouseDump");

  private static final int TRINO_JAVA = 25;

  private final String mainClass;

  Engine(String mainClass) {
    this.mainClass = mainClass;
  }

  /**
   * The engines to test: property {@code firn.it.engines}, names separated by commas; all without
   * it.
   *
   * @throws IllegalArgumentException for an unknown name
   */
  public static List<Engine> configured() {
    String names = System.getProperty("firn.it.engines");
    if (names == null) {
      return List.of(values());
    }
    return Arrays.stream(names.split(","))
        .map(name -> valueOf(name.trim().toUpperCase(Locale.ROOT)))
        .toList();
  }

  /** Its module under {@code it/}. */
  String module() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What an engine may not know; docs/query.md says the same to users. */
  public enum Feature {
    /** Format version 3: deletion vectors. */
    DELETION_VECTORS,
    /** Times of the day. */
    TIME,
    /** Values that rows have which were written before their column was added (format 3). */
    DEFAULTS,
    /** Files with columns that the table has no longer. */
    DROPPED_COLUMNS,
    /** Days before 1900. */
    EARLY_DAYS
  }

  /** Whether it knows a feature. */
  public boolean knows(Feature feature) {
    return switch (this) {
      case SPARK -> feature != Feature.TIME;
      case FLINK -> feature != Feature.DEFAULTS;
      case TRINO -> true;
      case CLICKHOUSE -> false;
    };
  }

  String mainClass() {
    return mainClass;
  }

  /** Options of the reader's JVM. */
  List<String> options() {
    List<String> options = new ArrayList<>(List.of("-Xmx1g", "-XX:TieredStopAtLevel=1"));
    OPENED.forEach(name -> options.add("--add-opens=java.base/" + name + "=ALL-UNNAMED"));
    return options;
  }

  /**
   * System properties of the reader. What the engine needs beyond jars is provisioned, once.
   *
   * @throws io.firn.testservers.ServerException if that is not possible
   */
  Map<String, String> properties() throws IOException, InterruptedException {
    return switch (this) {
      case SPARK, FLINK -> Map.of();
      case TRINO ->
          Map.of("firn.it.java25", String.join("\n", JavaInstallation.command(TRINO_JAVA)));
      case CLICKHOUSE ->
          Map.of(
              "firn.it.node.modules",
              ChdbInstallation.in(ServerCache.ofUser()).resolve("node_modules").toString());
    };
  }

  /** Packages that the engines look into. */
  private static final List<String> OPENED =
      List.of(
          "java.lang",
          "java.lang.invoke",
          "java.lang.reflect",
          "java.io",
          "java.net",
          "java.nio",
          "java.text",
          "java.time",
          "java.util",
          "java.util.concurrent",
          "java.util.concurrent.atomic",
          "java.util.concurrent.locks",
          "sun.nio.ch",
          "sun.nio.cs",
          "sun.security.action",
          "sun.util.calendar");
}
