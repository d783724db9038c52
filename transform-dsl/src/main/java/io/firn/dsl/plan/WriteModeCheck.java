package io.firn.dsl.plan;

import io.firn.dsl.finding.ClosestName;
import io.firn.dsl.finding.Findings;
import io.firn.dsl.finding.Quoted;
import io.firn.dsl.spec.PipelineSpec;
import io.firn.dsl.sql.Volatility;
import io.firn.dsl.table.WriteMode;
import io.firn.dsl.table.WriteModes;
import io.firn.model.schema.TableId;
import io.firn.model.schema.TableSchema;
import java.util.Collection;
import java.util.List;

/** Checks that target tables can be written in the modes that the file asks for. */
final class WriteModeCheck {
  private static final String PATH = "sink.write.mode";

  private final PipelineSpec spec;
  private final Findings findings;

  WriteModeCheck(PipelineSpec spec, Findings findings) {
    this.spec = spec;
    this.findings = findings;
  }

  /** Checks one target. */
  void check(TableSchema schema, TableSettings settings, List<CompiledTable> sources) {
    if (settings.writeMode().isEmpty()) {
      return;
    }
    WriteMode mode = settings.writeMode().get();
    if (mode.needsKey() && !schema.hasPrimaryKey()) {
      error(
          schema,
          mode,
          "it has no key",
          "give it 'primary-keys' in a transform rule, or write it as '" + WriteMode.APPEND + "'");
    }
    if (!mode.keepsOldRows()) {
      return;
    }
    for (CompiledTable source : sources) {
      checkOldRows(schema, mode, source);
    }
  }

  /** Rows that are no more must come as they were, and say that they are no more. */
  private void checkOldRows(TableSchema schema, WriteMode mode, CompiledTable source) {
    if (source.softDelete()) {
      error(
          schema,
          mode,
          "its transform rule turns deletes into upserts",
          "remove 'converter-after-transform: SOFT_DELETE' there, or the mode here");
    }
    if (source.filterVolatility() != Volatility.NONE) {
      error(
          schema,
          mode,
          "its filter depends on " + source.filterVolatility().title(),
          "filter by columns of the row only, or use another mode");
    }
    for (TargetColumn column : source.columns()) {
      if (mode == WriteMode.HISTORY && column.volatility() != Volatility.NONE) {
        error(
            schema,
            mode,
            "its column "
                + Quoted.of(column.name())
                + " depends on "
                + column.volatility().title()
                + ", so that a version would change when it ends",
            "leave the column out, or use another mode");
      }
    }
  }

  private void error(TableSchema schema, WriteMode mode, String why, String remedy) {
    findings.error(
        spec.sink().writeModePosition(),
        PATH,
        "The table "
            + Quoted.of(schema.table())
            + " cannot be written as "
            + Quoted.of(mode)
            + ": "
            + why,
        remedy);
  }

  /** Warns of patterns that name no target. */
  void checkPatterns(Collection<TableId> targets) {
    for (WriteModes.Table table : spec.sink().writeModes().tables()) {
      if (!targets.isEmpty() && targets.stream().noneMatch(table.pattern()::matches)) {
        findings.warning(
            spec.sink().writeModePosition(),
            PATH,
            Quoted.of(table.pattern()) + " names no target table",
            ClosestName.hint(
                table.pattern().toString(),
                targets.stream().map(TableId::toString).toList(),
                "correct the name or remove the entry"));
      }
    }
  }
}
