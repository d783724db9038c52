package io.firn.app.assembly;

import io.firn.dsl.finding.Finding;
import io.firn.dsl.finding.Position;
import io.firn.dsl.finding.Quoted;
import io.firn.dsl.finding.Result;
import io.firn.dsl.spec.PipelineSpec;
import io.firn.lake.catalog.Secrets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Warns of pipeline files that hold secrets themselves and that others may read. */
final class WrittenSecrets {
  private static final Set<PosixFilePermission> OTHERS =
      Set.of(PosixFilePermission.GROUP_READ, PosixFilePermission.OTHERS_READ);

  private WrittenSecrets() {}

  /**
   * Adds a warning if there is reason for one.
   *
   * @param referring paths of the settings whose values come from references
   */
  static Result<PipelineSpec> check(Path file, Result<PipelineSpec> result, Set<String> referring) {
    if (result.value().isEmpty()) {
      return result;
    }
    Set<String> written = secrets(result.value().get());
    written.removeAll(referring);
    if (written.isEmpty() || Collections.disjoint(permissions(file), OTHERS)) {
      return result;
    }
    List<Finding> findings = new ArrayList<>(result.findings());
    findings.add(
        new Finding(
            Finding.Severity.WARNING,
            Quoted.escape(file.toString()),
            Position.START,
            written.iterator().next(),
            "A secret stands in a file that others may read ("
                + PosixFilePermissions.toString(permissions(file))
                + ")",
            "write ${env:NAME} or ${file:PATH} instead, or take the file away from them: chmod 600"));
    return new Result<>(result.value(), findings);
  }

  /** Paths of all secrets of a pipeline that are not empty. */
  private static Set<String> secrets(PipelineSpec spec) {
    Set<String> paths = new TreeSet<>();
    if (!spec.source().password().reveal().isEmpty()) {
      paths.add("source.password");
    }
    collect("source.jdbc.properties.", spec.source().jdbcProperties().reveal(), paths);
    collect("source.debezium.", spec.source().debeziumProperties().reveal(), paths);
    collect("sink.catalog.properties.", spec.sink().catalogProperties().reveal(), paths);
    collect("sink.table.properties.", spec.sink().tableProperties().reveal(), paths);
    collect("sink.hadoop.conf.", spec.sink().hadoopConfiguration().reveal(), paths);
    return paths;
  }

  private static void collect(String prefix, Map<String, String> properties, Set<String> paths) {
    properties.forEach(
        (name, value) -> {
          if (Secrets.isSecret(name) && !value.isEmpty()) {
            paths.add(prefix + name);
          }
        });
  }

  private static Set<PosixFilePermission> permissions(Path file) {
    try {
      return Files.getPosixFilePermissions(file);
    } catch (IOException | UnsupportedOperationException e) {
      // A file system without owners, or no file but a pipe.
      return Set.of();
    }
  }
}
