package io.firn.dsl.transform;

import io.firn.dsl.finding.Finding;
import io.firn.dsl.finding.Findings;
import io.firn.dsl.finding.Quoted;
import io.firn.dsl.plan.CompiledTable;
import io.firn.dsl.plan.MergeException;
import io.firn.dsl.plan.PipelinePlan;
import io.firn.dsl.plan.Rules;
import io.firn.dsl.plan.TargetColumn;
import io.firn.dsl.plan.TargetPlan;
import io.firn.dsl.spec.SchemaChangeBehavior;
import io.firn.model.error.InconsistentStateException;
import io.firn.model.error.UnsupportedChangeException;
import io.firn.model.row.RowChange;
import io.firn.model.schema.TableId;
import io.firn.model.schema.TableSchema;
import io.firn.model.stream.SchemaChange;
import io.firn.model.transform.Transform;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applies the transform and route rules of a pipeline file.
 *
 * <p><b>Invariants</b>: what a schema change becomes depends on the schema changes before it and on
 * the plan only, never on rows, because every task gets all schema changes but only its own rows,
 * and all tasks must come to the same target layouts. (Rows only ever make a change be refused.)
 * Every row carries the very {@code TableSchema} instance that the latest change of its target
 * carried.
 *
 * <p><b>Threading</b>: used by one thread.
 */
public final class RuleTransform implements Transform {
  private static final Logger LOG = LoggerFactory.getLogger(RuleTransform.class);

  private final Rules rules;
  private final boolean mustPreserveKeys;
  private final LongSupplier clockMillis;
  private final Map<TableId, SourceTable> sources = new HashMap<>();
  private final Map<TableId, TargetTable> targets = new HashMap<>();
  private final Map<TableSchema, RowMapper> mappers = new IdentityHashMap<>();
  private TableSchema lastSchema;
  private RowMapper lastMapper;

  /**
   * A transform that knows the rules, and of merged targets which source tables they have.
   *
   * @param clockMillis the time, for rows that have none of their own
   */
  public RuleTransform(PipelinePlan plan, LongSupplier clockMillis) {
    this.rules = plan.rules();
    this.mustPreserveKeys = plan.preservesKeys();
    this.clockMillis = clockMillis;
    for (TargetPlan target : plan.targets().values()) {
      if (target.isMerged()) {
        // All of them count from the start, or the layout would change with each that appears.
        target.sources().forEach(id -> expect(plan.tables().get(id).compiled().source()));
      }
    }
  }

  private void expect(TableSchema schema) {
    CompiledTable compiled = compile(schema, Map.of(), "");
    SourceTable source = new SourceTable(schema.table(), compiled);
    targetOf(schema.table()).sources().put(schema.table(), source);
  }

  private TargetTable targetOf(TableId source) {
    return targets.computeIfAbsent(rules.target(source), TargetTable::new);
  }

  @Override
  public void apply(RowChange change, Consumer<RowChange> out) {
    TableSchema schema = change.schema();
    if (schema != lastSchema) {
      lastMapper = mapper(schema);
      lastSchema = schema;
    }
    long now = change.meta().commitTimestampMicros() == 0 ? clockMillis.getAsLong() * 1000L : 0;
    lastMapper.apply(change, now, out);
  }

  private RowMapper mapper(TableSchema schema) {
    RowMapper mapper = mappers.get(schema);
    if (mapper != null) {
      return mapper;
    }
    SourceTable source = sources.get(schema.table());
    if (source == null || !source.compiled().source().equals(schema)) {
      throw new InconsistentStateException(
          "A row of "
              + Quoted.of(schema.table())
              + " came with a layout that no schema change announced; this is a defect of the"
              + " source, report it");
    }
    RowMapper equal = mappers.get(source.compiled().source());
    mappers.put(schema, equal);
    return equal;
  }

  @Override
  public List<SchemaChange> apply(SchemaChange change) {
    lastSchema = null;
    if (change instanceof SchemaChange.CreateTable) {
      return create(change);
    }
    SourceTable source = sources.get(change.table());
    if (source == null) {
      throw new InconsistentStateException(
          "A change of "
              + Quoted.of(change.table())
              + " came before its creation; this is a defect of the source, report it");
    }
    if (change instanceof SchemaChange.TruncateTable) {
      return truncate(change);
    }
    if (rules.behavior() == SchemaChangeBehavior.EXCEPTION) {
      throw refused(
          change,
          "the pipeline's schema.change.behavior is 'exception'",
          "set it to 'evolve' or 'lenient' to go on");
    }
    if (change instanceof SchemaChange.DropTable) {
      return drop(change, source);
    }
    return alter(change, source);
  }

  private List<SchemaChange> create(SchemaChange change) {
    TableSchema schema = change.schemaAfter();
    SourceTable known = sources.get(schema.table());
    boolean other = known != null && !known.compiled().source().equals(schema);
    if (other && rules.behavior() == SchemaChangeBehavior.EXCEPTION) {
      throw refused(
          change,
          "the table has another layout than before and schema.change.behavior is 'exception'",
          "set it to 'evolve' or 'lenient' to go on");
    }
    CompiledTable compiled = compile(schema, Map.of(), statement(change));
    SourceTable source = known != null ? known : new SourceTable(schema.table(), compiled);
    source.set(compiled, Map.of());
    sources.put(schema.table(), source);
    TargetTable target = targetOf(schema.table());
    target.sources().put(schema.table(), source);
    rebuild(target, change);
    return List.of(change.withSchemaAfter(target.schema()));
  }

  private List<SchemaChange> alter(SchemaChange change, SourceTable source) {
    TargetTable target = targetOf(source.id());
    Map<String, String> names =
        change instanceof SchemaChange.RenameColumns rename ? rename.names() : Map.of();
    Map<String, String> renamed = source.renamedBy(names);
    CompiledTable old = source.compiled();
    CompiledTable next = compile(change.schemaAfter(), renamed, statement(change));
    noteRenames(source, names, old);
    boolean lenient = rules.behavior() == SchemaChangeBehavior.LENIENT;
    Map<String, String> targetRenames = lenient ? Map.of() : targetRenames(old, next, names);
    if (target.isMerged() && !targetRenames.isEmpty()) {
      throw refused(
          change,
          "columns of tables that are merged into "
              + Quoted.of(target.id())
              + " cannot be renamed"
              + " one table after the other",
          "name the column in a transform rule ('new AS old'), or set schema.change.behavior to"
              + " 'lenient'");
    }
    if (lenient) {
      next = source.keepingColumns(next);
      if (!old.key().equals(next.key())) {
        throw refused(change, "it changes the key", "set schema.change.behavior to 'evolve'");
      }
    }
    TableSchema before = target.schema();
    source.set(next, renamed);
    rebuild(target, change);
    boolean same = old.isIdentity() && next.isIdentity() && !target.isMerged();
    return same
        ? List.of(
            change.schemaAfter() == target.schema()
                ? change
                : change.withSchemaAfter(target.schema()))
        : SchemaDifference.between(before, target.schema(), targetRenames, change.origin());
  }

  /** Columns that a star passes on follow the source's new names. */
  private static Map<String, String> targetRenames(
      CompiledTable old, CompiledTable next, Map<String, String> names) {
    Map<String, String> renames = new HashMap<>();
    names.forEach(
        (from, to) -> {
          Optional<TargetColumn> was = old.column(from).filter(TargetColumn::fromStar);
          Optional<TargetColumn> is = next.column(to).filter(TargetColumn::fromStar);
          if (was.isPresent() && is.isPresent() && is.get().source().equals(Optional.of(to))) {
            renames.put(from, to);
          }
        });
    return renames;
  }

  private void noteRenames(SourceTable source, Map<String, String> names, CompiledTable old) {
    for (Map.Entry<String, String> name : names.entrySet()) {
      if (old.used().contains(name.getKey())) {
        LOG.warn(
            "Column {} of {} is now {}; {} of {} goes on with it, change the name there before the"
                + " next start",
            Quoted.of(name.getKey()),
            Quoted.of(source.id()),
            Quoted.of(name.getValue()),
            old.rule().map(r -> r.path()).orElse("the rule"),
            rules.file());
      }
    }
  }

  /**
   * Rows voided by a snapshot that starts: once per target, before any row of it. A {@code
   * TRUNCATE} of one of several sources would void rows of the others.
   */
  private List<SchemaChange> truncate(SchemaChange change) {
    TargetTable target = targetOf(change.table());
    SchemaChange.Origin origin = change.origin();
    boolean bySnapshot =
        origin.statement().isEmpty() || (origin.position() != null && origin.position().snapshot());
    if (!bySnapshot) {
      if (rules.behavior() == SchemaChangeBehavior.LENIENT) {
        return List.of();
      }
      if (rules.behavior() == SchemaChangeBehavior.EXCEPTION) {
        throw refused(
            change,
            "the pipeline's schema.change.behavior is 'exception'",
            "set it to 'evolve' to empty the target as well, or to 'lenient' to keep its rows");
      }
    }
    boolean repeated = !target.voidedBy().add(change.table());
    boolean voidsOthers = !bySnapshot || repeated || target.rowsPassed();
    if (target.isMerged() && voidsOthers) {
      throw refused(
          change,
          "the rows of other tables in " + Quoted.of(target.id()) + " would be voided as well",
          "set schema.change.behavior to 'lenient' to keep the rows, or route the tables apart");
    }
    if (target.isMerged() && target.voidedBy().size() > 1) {
      return List.of();
    }
    return List.of(change.withSchemaAfter(target.schema()));
  }

  private List<SchemaChange> drop(SchemaChange change, SourceTable source) {
    if (rules.behavior() == SchemaChangeBehavior.LENIENT) {
      return List.of();
    }
    TargetTable target = targetOf(source.id());
    if (target.isMerged()) {
      throw refused(
          change,
          "its rows in " + Quoted.of(target.id()) + " cannot be told from those of other tables",
          "set schema.change.behavior to 'lenient' to keep the rows");
    }
    mappers.remove(source.compiled().source());
    sources.remove(source.id());
    targets.remove(target.id());
    return List.of(change.withSchemaAfter(target.schema()));
  }

  /** Computes a target's layout and how the rows of its sources get there. */
  private void rebuild(TargetTable target, SchemaChange change) {
    try {
      target.recompute();
    } catch (MergeException e) {
      throw refused(change, e.getMessage(), e.remedy());
    }
    for (SourceTable source : target.sources().values()) {
      if (mustPreserveKeys && !source.compiled().preservesKey(target.schema())) {
        throw refused(
            change,
            "rows would have to be distributed by another key",
            "restart the pipeline, so that it is planned anew");
      }
      mappers.keySet().removeIf(schema -> schema.table().equals(source.id()));
    }
    for (SourceTable source : target.sources().values()) {
      mappers.put(
          source.compiled().source(), new RowMapper(source.compiled(), target, rules.session()));
    }
  }

  private CompiledTable compile(TableSchema schema, Map<String, String> renamed, String statement) {
    Findings findings = new Findings(rules.file());
    return rules
        .compile(schema, renamed, findings)
        .orElseThrow(
            () -> {
              Finding first = findings.sorted().get(0);
              return new UnsupportedChangeException(
                  "The rules do not fit the table "
                      + Quoted.of(schema.table())
                      + (statement.isEmpty() ? "" : " after " + Quoted.of(statement))
                      + ": "
                      + first
                      + "; then restart from the last checkpoint");
            });
  }

  private static String statement(SchemaChange change) {
    return change.origin().statement();
  }

  private static UnsupportedChangeException refused(
      SchemaChange change, String cause, String remedy) {
    String statement = statement(change);
    return new UnsupportedChangeException(
        "A change of the table "
            + Quoted.of(change.origin().sourceTable())
            + " cannot be followed"
            + (statement.isEmpty() ? "" : " (" + Quoted.of(statement) + ")")
            + ": "
            + cause
            + "; "
            + remedy);
  }
}
