package io.firn.app.assembly;

import io.firn.dsl.Planner;
import io.firn.dsl.finding.Finding;
import io.firn.dsl.finding.Result;
import io.firn.dsl.plan.PipelinePlan;
import io.firn.dsl.spec.PipelineSpec;
import io.firn.lake.write.TableTrial;
import io.firn.model.error.FirnException;
import io.firn.model.schema.TableId;
import io.firn.model.schema.TableSchema;
import io.firn.source.MySqlSourceOptions;
import io.firn.source.preflight.MySqlPreflight;
import io.firn.source.preflight.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Looks at everything that a pipeline needs before anything is touched, and collects all that is
 * missing.
 */
public final class Preflight {
  private final PipelineSpec spec;
  private final MySqlSourceOptions source;
  private final List<String> problems = new ArrayList<>();
  private final List<String> warnings = new ArrayList<>();
  private PipelinePlan plan;

  private Preflight(PipelineSpec spec) {
    this.spec = spec;
    this.source = SourceAssembly.options(spec.source());
  }

  /**
   * Looks at source and local directories, tries the table properties, and holds the file against
   * the source's tables.
   */
  public static Preflight of(PipelineSpec spec) {
    Preflight preflight = new Preflight(spec);
    preflight.checkServer();
    preflight.checkTables();
    preflight.checkTableProperties();
    preflight.checkDirectories();
    return preflight;
  }

  /** Looks at the source's tables only, as far as planning needs. */
  public static Preflight ofTables(PipelineSpec spec) {
    Preflight preflight = new Preflight(spec);
    preflight.checkTables();
    return preflight;
  }

  /** What keeps the pipeline from running; empty if nothing does. */
  public List<String> problems() {
    return List.copyOf(problems);
  }

  /** What people should know before it runs. */
  public List<String> warnings() {
    return List.copyOf(warnings);
  }

  /** The plan; empty if there are problems with it. */
  public Optional<PipelinePlan> plan() {
    return Optional.ofNullable(plan);
  }

  private void checkServer() {
    for (Problem problem : MySqlPreflight.check(source)) {
      // The plan says the same with the place in the file.
      if (!problem.code().equals("no-such-table")) {
        (problem.isError() ? problems : warnings).add(problem.message());
      }
    }
  }

  private void checkTables() {
    Map<TableId, TableSchema> tables;
    try {
      tables = SourceTables.load(source, spec.source()::captures);
    } catch (FirnException e) {
      // A server that cannot be reached, or a missing grant, was reported already.
      if (problems.isEmpty()) {
        problems.add(e.getMessage());
      }
      return;
    }
    Result<PipelinePlan> result = Planner.plan(spec, tables);
    for (Finding finding : result.findings()) {
      (finding.isError() ? problems : warnings).add(finding.toString());
    }
    plan = result.value().orElse(null);
  }

  private void checkTableProperties() {
    if (plan != null) {
      TableTrial.problems(LakeAssembly.options(plan), plan.targets().keySet())
          .forEach(problem -> problems.add(spec.file() + ": " + problem));
    }
  }

  private void checkDirectories() {
    check("checkpoint.directory", spec.pipeline().checkpointDirectory());
    check("state.directory", spec.pipeline().stateDirectory());
    String warehouse = spec.sink().catalogProperties().reveal().get("warehouse");
    String type = spec.sink().catalogProperties().reveal().getOrDefault("type", "");
    // A REST catalog's warehouse may be a mere name.
    if (warehouse != null && (!type.equals("rest") || warehouse.startsWith("file:"))) {
      check("warehouse", warehouse);
    }
  }

  private void check(String setting, String location) {
    LocalDirectories.path(location)
        .flatMap(LocalDirectories::obstacle)
        .ifPresent(
            obstacle ->
                problems.add(
                    spec.file()
                        + ": The "
                        + setting
                        + " '"
                        + location
                        + "' cannot be written to: "
                        + obstacle
                        + "; choose another one or correct its permissions."));
  }
}
