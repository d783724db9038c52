package io.firn.dsl.plan;

import io.firn.dsl.expression.Session;
import io.firn.dsl.expression.ValueType;
import io.firn.dsl.expression.ValueType.Kind;
import io.firn.dsl.finding.ClosestName;
import io.firn.dsl.finding.Finding;
import io.firn.dsl.finding.Findings;
import io.firn.dsl.finding.Position;
import io.firn.dsl.finding.Quoted;
import io.firn.dsl.spec.SqlText;
import io.firn.dsl.spec.TransformRule;
import io.firn.dsl.sql.Columns;
import io.firn.dsl.sql.ExpressionCompiler;
import io.firn.dsl.sql.SqlReader;
import io.firn.dsl.sql.Volatility;
import io.firn.model.schema.Column;
import io.firn.model.schema.TableSchema;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.calcite.sql.SqlNode;

/** Applies a transform rule to the layout of one source table. */
public final class TableCompiler {
  private final Session session;
  private final Set<String> metadata;
  private final Findings findings;

  /**
   * @param session what holds for all expressions
   * @param metadata metadata columns offered besides the four that always are
   * @param findings where problems are noted
   */
  public TableCompiler(Session session, Set<String> metadata, Findings findings) {
    this.session = session;
    this.metadata = metadata;
    this.findings = findings;
  }

  /**
   * Compiles a rule for a table.
   *
   * @param source the table's layout
   * @param rule the rule, or empty to pass everything on
   * @param renamed names in the rule that stand for columns that have other names by now
   * @return empty after noting everything that is wrong
   */
  public Optional<CompiledTable> compile(
      TableSchema source, Optional<TransformRule> rule, Map<String, String> renamed) {
    return new Compilation(source, rule, renamed).run();
  }

  private final class Compilation {
    private final TableSchema source;
    private final Optional<TransformRule> rule;
    private final Map<String, String> renamed;
    private final Columns names = new Columns();
    private final List<TargetColumn> target = new ArrayList<>();
    private final Set<String> used = new HashSet<>();

    /** Names of columns that did not compile, so that their use is not reported as well. */
    private final Set<String> failed = new HashSet<>();

    private final ExpressionCompiler compiler = new ExpressionCompiler(session, findings);

    Compilation(TableSchema source, Optional<TransformRule> rule, Map<String, String> renamed) {
      this.source = source;
      this.rule = rule;
      this.renamed = renamed;
      for (int i = 0; i < source.columns().size(); i++) {
        int index = i;
        Column column = source.columns().get(i);
        names.add(
            column.name(),
            ValueType.of(column.type(), column.optional()),
            scope -> scope.value(index));
      }
      renamed.forEach(
          (written, current) ->
              names
                  .find(current)
                  .ifPresent(c -> names.addHidden(written, c.type(), c.expression())));
      MetadataColumns.addTo(names, metadata);
    }

    Optional<CompiledTable> run() {
      int errorsBefore = findings.errorCount();
      Optional<SqlText> projection = rule.flatMap(TransformRule::projection);
      if (projection.isPresent()) {
        String path = rule.get().path() + ".projection";
        Optional<List<SqlReader.Item>> items =
            SqlReader.projection(projection.get(), path, findings);
        if (items.isEmpty()) {
          checkFilterAlone(rule.get());
          return Optional.empty();
        }
        project(items.get(), projection.get().afterOneLine(), path);
      } else {
        addStar(Set.of(), List.of());
      }
      TargetKey targetKey = new TargetKey(source, rule, target, findings);
      List<String> key = findings.errorCount() > errorsBefore ? List.of() : targetKey.names();
      Optional<ExpressionCompiler.Compiled> filter =
          rule.flatMap(TransformRule::filter)
              .filter(text -> !usesFailed(text))
              .flatMap(text -> filter(text, rule.get()));
      if (findings.errorCount() > errorsBefore) {
        return Optional.empty();
      }
      targetKey.makeRequired(key);
      targetKey.checkVolatility(key);
      filter.ifPresent(compiled -> checkVolatility(compiled, key));
      filter.ifPresent(this::checkSoftDelete);
      targetKey.checkSoftDelete(key);
      return findings.errorCount() > errorsBefore
          ? Optional.empty()
          : Optional.of(
              new CompiledTable(
                  source,
                  rule,
                  target,
                  key,
                  filter.map(ExpressionCompiler.Compiled::expression),
                  filter.map(ExpressionCompiler.Compiled::volatility).orElse(Volatility.NONE),
                  rule.flatMap(TransformRule::filter)
                      .map(text -> expressionText(text.text(), text.position())),
                  used));
    }

    private boolean usesFailed(SqlText text) {
      for (String word : text.text().split("\\W+")) {
        if (failed.stream().anyMatch(word::equalsIgnoreCase)) {
          return true;
        }
      }
      return false;
    }

    /** Reports what is wrong with a filter whatever the columns of the broken projection are. */
    private void checkFilterAlone(TransformRule owner) {
      Findings alone = new Findings(findings.file());
      new TableCompiler(session, metadata, alone)
          .compile(source, Optional.of(owner.withoutProjection()), renamed);
      String path = owner.path() + ".filter";
      for (Finding finding : alone.sorted()) {
        if (finding.path().equals(path) && !finding.message().startsWith("Unknown column")) {
          findings.error(finding.position(), path, finding.message(), finding.remedy());
        }
      }
    }

    private TargetColumn.ExpressionText expressionText(String sql, Position position) {
      return new TargetColumn.ExpressionText(sql, findings.file() + ":" + position);
    }

    private void project(List<SqlReader.Item> items, SqlText text, String path) {
      Set<String> excluded = excluded(items, text, path);
      List<String> taken = new ArrayList<>();
      for (SqlReader.Item item : items) {
        if (item instanceof SqlReader.Item.Plain plain) {
          names.find(plain.column()).ifPresent(c -> taken.add(plainName(plain, c)));
        } else if (item instanceof SqlReader.Item.Named named) {
          taken.add(named.name());
        }
      }
      boolean star = false;
      for (SqlReader.Item item : items) {
        if (item instanceof SqlReader.Item.Star) {
          // A named expression wins over the star, wherever it stands: whoever masks a column with
          // "mask(x) AS x, *" must not get it in clear text.
          addStar(excluded, taken);
          star = true;
        } else if (item instanceof SqlReader.Item.Plain plain) {
          addNamed(plain.node(), null, plain.column(), plain, text, path);
        } else if (item instanceof SqlReader.Item.Named named) {
          addNamed(named.node(), named.name(), named.sql(), named, text, path);
        }
      }
      if (!excluded.isEmpty() && !star) {
        findings.error(
            text.position(),
            path,
            "Columns are left out, but there is no star to leave them out of",
            "put '*' before them, or only name the columns to keep");
      }
      if (target.isEmpty() && findings.errorCount() == 0) {
        findings.error(text.position(), path, "No column is left", "keep at least one");
      }
      sortLikeStar(items);
    }

    private String plainName(SqlReader.Item.Plain plain, Columns.Column column) {
      return renamed.containsKey(plain.column()) ? plain.column() : column.name();
    }

    /** Puts expressions that replace a star's column where that column would have been. */
    private void sortLikeStar(List<SqlReader.Item> items) {
      if (items.isEmpty() || !(items.get(0) instanceof SqlReader.Item.Star)) {
        return;
      }
      List<TargetColumn> sorted = new ArrayList<>();
      List<TargetColumn> rest = new ArrayList<>(target);
      for (Column column : source.columns()) {
        for (TargetColumn candidate : target) {
          if (candidate.name().equalsIgnoreCase(column.name())) {
            sorted.add(candidate);
            rest.remove(candidate);
          }
        }
      }
      sorted.addAll(rest);
      target.clear();
      target.addAll(sorted);
    }

    private Set<String> excluded(List<SqlReader.Item> items, SqlText text, String path) {
      Set<String> excluded = new HashSet<>();
      for (SqlReader.Item item : items) {
        if (item instanceof SqlReader.Item.Without without) {
          String current = renamed.getOrDefault(without.column(), without.column());
          Optional<String> column =
              names.find(current).map(Columns.Column::name).filter(n -> source.indexOf(n) >= 0);
          if (column.isPresent()) {
            excluded.add(column.get());
          } else {
            findings.error(
                text.at(item.position().getLineNum() + 1, item.position().getColumnNum()),
                path,
                "Unknown column " + Quoted.of(without.column()) + " of table " + table(),
                ClosestName.hint(without.column(), columnNames(), "there is nothing to leave out"));
          }
        }
      }
      return excluded;
    }

    private void addStar(Set<String> excluded, List<String> taken) {
      for (int i = 0; i < source.columns().size(); i++) {
        int index = i;
        Column column = source.columns().get(i);
        boolean replaced = taken.stream().anyMatch(name -> name.equalsIgnoreCase(column.name()));
        boolean there = target.stream().anyMatch(t -> t.name().equalsIgnoreCase(column.name()));
        if (!excluded.contains(column.name()) && !replaced && !there) {
          target.add(
              new TargetColumn(
                  column,
                  scope -> scope.value(index),
                  Optional.of(column.name()),
                  true,
                  Optional.empty(),
                  Volatility.NONE));
        }
      }
    }

    private void addNamed(
        SqlNode node, String name, String sql, SqlReader.Item item, SqlText text, String path) {
      Position position = text.at(item.position().getLineNum() + 1, item.position().getColumnNum());
      Optional<TargetColumn> column = passedOn(node, name);
      if (column.isEmpty()) {
        column = computed(node, name, sql, position, text, path);
      }
      if (column.isEmpty()) {
        if (name != null) {
          failed.add(name);
        }
        return;
      }
      String added = column.get().name();
      if (MetadataColumns.isReserved(added) && name != null) {
        findings.error(
            position,
            path,
            "The name " + Quoted.of(added) + " is reserved for metadata",
            "choose another name");
        return;
      }
      if (target.stream().anyMatch(t -> t.name().equalsIgnoreCase(added))) {
        findings.error(
            position,
            path,
            "The column " + Quoted.of(added) + " is given twice",
            "keep one of them");
        return;
      }
      target.add(column.get());
    }

    /** A source column as it is, possibly under another name. */
    private Optional<TargetColumn> passedOn(SqlNode node, String name) {
      if (!(node instanceof org.apache.calcite.sql.SqlIdentifier id) || !id.isSimple()) {
        return Optional.empty();
      }
      String written = id.getSimple();
      String current = renamed.getOrDefault(written, written);
      Optional<String> found =
          names.find(current).map(Columns.Column::name).filter(n -> source.indexOf(n) >= 0);
      if (found.isEmpty()) {
        return Optional.empty();
      }
      int index = source.indexOf(found.get());
      Column column = source.columns().get(index);
      String targetName =
          name != null ? name : renamed.containsKey(written) ? written : column.name();
      used.add(column.name());
      return Optional.of(
          new TargetColumn(
              column.withName(targetName),
              scope -> scope.value(index),
              found,
              false,
              Optional.empty(),
              Volatility.NONE));
    }

    private Optional<TargetColumn> computed(
        SqlNode node, String name, String sql, Position position, SqlText text, String path) {
      Optional<ExpressionCompiler.Compiled> compiled = compiler.compile(node, names, text, path);
      if (compiled.isEmpty()) {
        return Optional.empty();
      }
      ValueType type = compiled.get().type();
      if (type.kind() == Kind.NULL || type.kind() == Kind.OTHER) {
        findings.error(
            position,
            path,
            "The column " + Quoted.of(String.valueOf(name)) + " has no type",
            "give it one with CAST, such as CAST(NULL AS STRING)");
        return Optional.empty();
      }
      noteUse(compiled.get());
      if (name == null && compiled.get().columns().isEmpty()) {
        findings.error(
            position, path, "The expression has no name", "give it one: 'expression AS name'");
        return Optional.empty();
      }
      String columnName = name != null ? name : compiled.get().columns().iterator().next();
      return Optional.of(
          new TargetColumn(
              Column.of(columnName, type.toIceberg(), type.nullable()),
              compiled.get().expression(),
              Optional.empty(),
              false,
              Optional.of(expressionText(sql, position)),
              compiled.get().volatility()));
    }

    private void noteUse(ExpressionCompiler.Compiled compiled) {
      for (String name : compiled.columns()) {
        used.add(renamed.getOrDefault(name, name));
      }
    }

    private Optional<ExpressionCompiler.Compiled> filter(SqlText text, TransformRule owner) {
      String path = owner.path() + ".filter";
      Columns visible = new Columns();
      names.all().forEach((name, column) -> visible.add(column));
      // As in Flink CDC, a column of the projection hides the source's column of that name.
      for (TargetColumn column : target) {
        if (column.source().isEmpty()) {
          visible.add(
              new Columns.Column(
                  column.name(),
                  ValueType.of(column.column().type(), column.column().optional()),
                  column.expression(),
                  column.volatility()));
        } else if (source.indexOf(column.name()) < 0) {
          names
              .find(column.source().get())
              .ifPresent(c -> visible.add(column.name(), c.type(), c.expression()));
        }
      }
      Optional<ExpressionCompiler.Compiled> compiled =
          SqlReader.filter(text, path, findings)
              .flatMap(node -> compiler.compileCondition(node, visible, text, path));
      compiled.ifPresent(this::noteUse);
      return compiled;
    }

    /**
     * A target with a key has rows, not changes: a condition that is true for the insert and false
     * for the delete of a row would leave it there for ever. (One that depends on the time does
     * not, because it is asked about new rows only.)
     */
    private void checkVolatility(ExpressionCompiler.Compiled filter, List<String> key) {
      if (filter.volatility() == Volatility.KIND_OF_CHANGE && !key.isEmpty()) {
        findings.error(
            rule.flatMap(TransformRule::filter).orElseThrow().position(),
            rule.get().path() + ".filter",
            "The filter depends on the kind of change, and the target of "
                + table()
                + " has a key: a row would stay there when it changes or is deleted",
            "filter by columns of the row; to keep deleted rows, write 'converter-after-transform:"
                + " SOFT_DELETE'");
      }
    }

    /** The rows that a delete is about are not known to have passed such a filter. */
    private void checkSoftDelete(ExpressionCompiler.Compiled filter) {
      if (filter.volatility() == Volatility.TIME && rule.orElseThrow().softDelete()) {
        findings.error(
            rule.get().filter().orElseThrow().position(),
            rule.get().path() + ".filter",
            "The filter depends on the time of the change, and SOFT_DELETE keeps deleted rows: which"
                + " of them were ever in the target cannot be told",
            "filter by columns of the row, or leave out SOFT_DELETE");
      }
    }

    private Set<String> columnNames() {
      Set<String> all = new HashSet<>();
      source.columns().forEach(column -> all.add(column.name()));
      return all;
    }

    private String table() {
      return Quoted.of(source.table());
    }
  }
}
