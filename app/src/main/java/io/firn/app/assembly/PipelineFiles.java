package io.firn.app.assembly;

import io.firn.app.log.Secrets;
import io.firn.dsl.Environment;
import io.firn.dsl.PipelineFile;
import io.firn.dsl.finding.Finding;
import io.firn.dsl.finding.Result;
import io.firn.dsl.spec.PipelineSpec;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads pipeline files for the commands. */
public final class PipelineFiles {
  private static final Pattern SWITCH_OR_SMALL_NUMBER = Pattern.compile("true|false|\\d{0,3}");

  private PipelineFiles() {}

  /**
   * Reads a file and remembers its secrets.
   *
   * @return the spec and warnings, or all errors
   */
  public static Result<PipelineSpec> read(Path file, Environment environment, Secrets secrets) {
    Set<String> referring = new HashSet<>();
    Result<PipelineSpec> result =
        PipelineFile.parse(
            file,
            environment,
            (path, value) -> {
              referring.add(path);
              if (isShown(path, value)) {
                secrets.addPartsOf(value);
              } else {
                secrets.add(value);
              }
            });
    result
        .value()
        .ifPresent(
            spec -> {
              secrets.add(spec.source().password().reveal());
              register(spec.source().jdbcProperties().reveal(), secrets);
              register(spec.source().debeziumProperties().reveal(), secrets);
              register(spec.sink().catalogProperties().reveal(), secrets);
              register(spec.sink().tableProperties().reveal(), secrets);
              register(spec.sink().hadoopConfiguration().reveal(), secrets);
            });
    return WrittenSecrets.check(file, result, referring);
  }

  /**
   * Whether a value of a property is none that anybody would hide: blacking out every {@code true},
   * the path of the warehouse or a directory of this machine would make a log useless.
   */
  private static boolean isShown(String path, String value) {
    if (io.firn.lake.catalog.Secrets.isSecret(path)) {
      return false;
    }
    return path.endsWith(".warehouse")
        || path.endsWith(".catalog.properties.type")
        || isDirectory(value)
        || SWITCH_OR_SMALL_NUMBER.matcher(value).matches();
  }

  private static boolean isDirectory(String value) {
    try {
      Path path = Path.of(value);
      return path.isAbsolute() && Files.isDirectory(path);
    } catch (InvalidPathException e) {
      return false;
    }
  }

  private static void register(Map<String, String> properties, Secrets secrets) {
    properties.forEach(
        (name, value) -> {
          if (io.firn.lake.catalog.Secrets.isSecret(name)) {
            secrets.add(value);
          } else {
            secrets.addPartsOf(value);
          }
        });
  }

  /** Where the log of a pipeline goes if nobody says otherwise. */
  public static Path defaultLog(PipelineSpec spec) {
    StringBuilder name = new StringBuilder();
    for (byte b : spec.pipeline().name().getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      boolean plain = Character.isLetterOrDigit(c) && c < 128;
      boolean harmless = c == '_' || c == '-' || (c == '.' && name.length() > 0);
      name.append(plain || harmless ? String.valueOf(c) : String.format("%%%02X", (int) c));
    }
    return Path.of("firn-data", name.toString(), "firn.log");
  }

  /** Findings as lines. */
  public static List<String> lines(List<Finding> findings) {
    return findings.stream().map(Finding::toString).toList();
  }
}
