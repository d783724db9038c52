package io.firn.app.verify;

import io.firn.dsl.plan.CompiledTable;
import io.firn.dsl.plan.PipelinePlan;
import io.firn.dsl.plan.TargetColumn;
import io.firn.dsl.sql.Volatility;
import io.firn.dsl.table.WriteMode;
import io.firn.model.error.ConfigurationException;
import io.firn.model.schema.TableId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What of a pipeline's tables can be compared with the source: whatever follows from the source's
 * rows alone. Columns that depend on how a row came about are left out; a target whose very rows do
 * cannot be compared.
 *
 * @param tables the target tables
 */
public record VerifiedTables(Map<TableId, Verified> tables) {

  /**
   * One target table.
   *
   * @param sources the source tables that lead to it
   * @param notCompared names of columns whose values depend on more than the source's row
   */
  public record Verified(List<TableId> sources, Set<String> notCompared) {}

  /**
   * Looks through a plan.
   *
   * @throws ConfigurationException naming every table that cannot be compared
   */
  public static VerifiedTables of(PipelinePlan plan) {
    Map<TableId, Verified> tables = new TreeMap<>();
    List<String> problems = new ArrayList<>();
    plan.targets()
        .forEach(
            (target, planned) -> {
              Set<String> notCompared = new TreeSet<>();
              if (planned.settings().writeMode().equals(Optional.of(WriteMode.APPEND_AFTER))) {
                problems.add(refusal(target, "its change log has no before images"));
              }
              for (TableId source : planned.sources()) {
                CompiledTable compiled = plan.tables().get(source).compiled();
                problem(compiled).ifPresent(why -> problems.add(refusal(target, why)));
                compiled.columns().stream()
                    .filter(column -> column.volatility() != Volatility.NONE)
                    .map(TargetColumn::name)
                    .forEach(notCompared::add);
              }
              tables.put(target, new Verified(planned.sources(), notCompared));
            });
    if (!problems.isEmpty()) {
      throw new ConfigurationException(
          String.join("\n", problems.stream().distinct().sorted().toList()));
    }
    return new VerifiedTables(tables);
  }

  private static Optional<String> problem(CompiledTable compiled) {
    if (compiled.softDelete()) {
      return Optional.of("SOFT_DELETE keeps rows that the source does not have any more");
    }
    if (compiled.filterVolatility() != Volatility.NONE) {
      return Optional.of(
          "its filter depends on "
              + compiled.filterVolatility().title()
              + ", so that the source's rows do not tell which of them it should have");
    }
    return Optional.empty();
  }

  private static String refusal(TableId target, String why) {
    return "Cannot compare '"
        + target
        + "' with its source: "
        + why
        + "; leave it out with 'tables.exclude' in a copy of the pipeline file.";
  }

  /** What people must know of columns that are not compared, one line per table. */
  public List<String> notes() {
    List<String> notes = new ArrayList<>();
    tables.forEach(
        (target, verified) -> {
          if (!verified.notCompared().isEmpty()) {
            notes.add(
                target
                    + ": not compared, because the source's row does not tell their values: "
                    + String.join(", ", verified.notCompared()));
          }
        });
    return notes;
  }
}
