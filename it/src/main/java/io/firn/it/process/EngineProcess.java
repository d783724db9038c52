package io.firn.it.process;

import io.firn.it.engine.TableReader;
import io.firn.it.engine.TableRequest;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Reads tables with an engine in a child JVM that has the engine's class path and nothing of ours
 * but the reader.
 */
public final class EngineProcess {
  private static final long LIMIT_SECONDS = 600;

  private EngineProcess() {}

  /**
   * Reads tables.
   *
   * @param properties system properties of the reader, see {@link TableReader}
   * @param work directory for the engine's temporary files and its log
   * @return {@code rows:hash} as {@link io.firn.it.engine.ContentHash} writes it, by name
   * @throws AssertionError if the engine fails; with its log
   */
  public static Map<String, String> read(
      Engine engine, Map<String, String> properties, List<TableRequest> tables, Path work)
      throws IOException, InterruptedException {
    Files.createDirectories(work);
    Path arguments = work.resolve("java.arguments");
    Files.write(arguments, List.of("-cp", classPath(engine.module())));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(engine.options());
    Map<String, String> all = new LinkedHashMap<>(engine.properties());
    all.putAll(properties);
    all.put("java.io.tmpdir", work.toString());
    all.forEach((name, value) -> command.add("-D" + name + "=" + value));
    command.add("@" + arguments);
    command.add(engine.mainClass());
    tables.forEach(table -> command.add(table.toString()));
    Path log = work.resolve(engine.module() + ".log");
    Path output = work.resolve(engine.module() + ".out");
    Process process =
        new ProcessBuilder(command)
            .directory(work.toFile())
            .redirectError(log.toFile())
            .redirectOutput(output.toFile())
            .start();
    // Ends with us, whatever happens.
    Thread hook = new Thread(() -> end(process));
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError(engine + " took longer than " + LIMIT_SECONDS + " s; see " + log);
      }
    } finally {
      end(process);
      Runtime.getRuntime().removeShutdownHook(hook);
    }
    if (process.exitValue() != 0) {
      throw new AssertionError(
          engine + " failed with " + process.exitValue() + ":\n" + Files.readString(log));
    }
    return results(output);
  }

  /** With the servers that an engine may have started. */
  private static void end(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  private static Map<String, String> results(Path output) throws IOException {
    Map<String, String> results = new HashMap<>();
    for (String line : Files.readAllLines(output)) {
      String[] words = line.split(" ");
      if (words.length == 3 && words[0].equals("TABLE")) {
        results.put(words[1], words[2]);
      }
    }
    return results;
  }

  /**
   * Class path of a module under {@code it/} that runs in a JVM of its own.
   *
   * @throws IllegalStateException if it is not built
   */
  public static String classPath(String module) throws IOException {
    Path target = readers().resolve(module).resolve("target");
    Path classPath = target.resolve(module + ".classpath");
    if (!Files.exists(classPath)) {
      throw new IllegalStateException(
          "There is no '"
              + classPath
              + "': the module it/"
              + module
              + " is not built; build it first (mvn -Pengines if it is not part of the normal"
              + " build)");
    }
    return target.resolve("classes") + File.pathSeparator + Files.readString(classPath).trim();
  }

  private static Path readers() {
    String value = System.getProperty("firn.it.readers");
    if (value == null) {
      throw new IllegalStateException("Set 'firn.it.readers' to the directory it/");
    }
    return Path.of(value);
  }
}
