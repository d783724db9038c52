package io.firn.it.spark;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Reads tables with Spark in a child JVM that has Spark's class path and nothing of ours. */
public final class SparkReader {
  private static final List<String> OPENED =
      List.of(
          "java.base/java.lang",
          "java.base/java.lang.invoke",
          "java.base/java.lang.reflect",
          "java.base/java.io",
          "java.base/java.net",
          "java.base/java.nio",
          "java.base/java.util",
          "java.base/java.util.concurrent",
          "java.base/java.util.concurrent.atomic",
          "java.base/sun.nio.ch",
          "java.base/sun.nio.cs",
          "java.base/sun.security.action",
          "java.base/sun.util.calendar");
  private static final long LIMIT_SECONDS = 600;

  private SparkReader() {}

  /**
   * Count and hash of tables.
   *
   * @param metadataLocations location of the metadata file by any name
   * @param work directory for Spark's temporary files and its log
   * @return {@code rows:hash} as {@link ContentHash} writes it, by name
   */
  public static Map<String, String> read(Map<String, String> metadataLocations, Path work)
      throws IOException, InterruptedException {
    Files.createDirectories(work);
    Path arguments = work.resolve("java.arguments");
    Files.write(
        arguments,
        List.of(
            "-cp",
            Files.readString(property("firn.it.spark.classpath")).trim()
                + File.pathSeparator
                + property("firn.it.spark.classes")));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx1g");
    command.add("-Djava.io.tmpdir=" + work);
    OPENED.forEach(name -> command.add("--add-opens=" + name + "=ALL-UNNAMED"));
    command.add("@" + arguments);
    command.add(SparkDump.class.getName());
    metadataLocations.forEach((name, location) -> command.add(name + "=" + location));
    Path log = work.resolve("spark.log");
    Path output = work.resolve("spark.out");
    Process process =
        new ProcessBuilder(command)
            .directory(work.toFile())
            .redirectError(log.toFile())
            .redirectOutput(output.toFile())
            .start();
    if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError("Spark took longer than " + LIMIT_SECONDS + " s; see " + log);
    }
    if (process.exitValue() != 0) {
      throw new AssertionError(
          "Spark failed with " + process.exitValue() + ":\n" + Files.readString(log));
    }
    Map<String, String> results = new HashMap<>();
    for (String line : Files.readAllLines(output)) {
      String[] words = line.split(" ");
      if (words.length == 3 && words[0].equals("TABLE")) {
        results.put(words[1], words[2]);
      }
    }
    return results;
  }

  private static Path property(String name) {
    String value = System.getProperty(name);
    if (value == null || !Files.exists(Path.of(value))) {
      throw new IllegalStateException(
          "Property '"
              + name
              + "' names no file: '"
              + value
              + "'; build the module it/spark first");
    }
    return Path.of(value);
  }
}
