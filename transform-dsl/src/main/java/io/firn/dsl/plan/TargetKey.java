package io.firn.dsl.plan;

import io.firn.dsl.finding.ClosestName;
import io.firn.dsl.finding.Findings;
import io.firn.dsl.finding.Quoted;
import io.firn.dsl.spec.SqlText;
import io.firn.dsl.spec.TransformRule;
import io.firn.dsl.sql.Volatility;
import io.firn.model.schema.Column;
import io.firn.model.schema.TableSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Finds the key of a target: what the rule names, or the source's key as it was projected. */
final class TargetKey {
  private final TableSchema source;
  private final Optional<TransformRule> rule;
  private final List<TargetColumn> target;
  private final Findings findings;

  TargetKey(
      TableSchema source,
      Optional<TransformRule> rule,
      List<TargetColumn> target,
      Findings findings) {
    this.source = source;
    this.rule = rule;
    this.target = target;
    this.findings = findings;
  }

  List<String> names() {
    List<String> wanted = rule.map(TransformRule::primaryKeys).orElse(List.of());
    List<String> key = new ArrayList<>();
    for (String name : wanted) {
      Optional<String> column =
          target.stream().map(TargetColumn::name).filter(name::equalsIgnoreCase).findFirst();
      if (column.isEmpty()) {
        findings.error(
            rule.get().primaryKeysPosition(),
            rule.get().path() + ".primary-keys",
            "The key column "
                + Quoted.of(name)
                + " is not a column of the target of "
                + Quoted.of(source.table()),
            ClosestName.hint(
                name, target.stream().map(TargetColumn::name).toList(), "add it to 'projection'"));
      }
      column.ifPresent(key::add);
    }
    return wanted.isEmpty() ? sourceKey() : key;
  }

  private List<String> sourceKey() {
    List<String> key = new ArrayList<>();
    for (String name : source.primaryKey()) {
      Optional<TargetColumn> column =
          target.stream()
              .filter(t -> t.name().equals(name))
              .findFirst()
              .or(
                  () ->
                      target.stream()
                          .filter(t -> t.source().equals(Optional.of(name)))
                          .findFirst());
      if (column.isPresent()) {
        key.add(column.get().name());
      } else {
        SqlText projection = rule.flatMap(TransformRule::projection).orElseThrow();
        findings.error(
            projection.position(),
            rule.get().path() + ".projection",
            "The key column "
                + Quoted.of(name)
                + " of table "
                + Quoted.of(source.table())
                + " is not projected",
            "add it, or name other key columns in 'primary-keys'");
      }
    }
    return key;
  }

  void makeRequired(List<String> key) {
    for (int i = 0; i < target.size(); i++) {
      Column column = target.get(i).column();
      if (key.contains(column.name()) && column.optional()) {
        target.set(
            i,
            target
                .get(i)
                .withColumn(
                    new Column(
                        column.name(),
                        column.type(),
                        false,
                        column.comment(),
                        column.initialDefault())));
      }
    }
  }

  /** A key that is computed anew for a row's delete must come out as it did for its insert. */
  void checkVolatility(List<String> key) {
    for (TargetColumn column : target) {
      if (key.contains(column.name()) && column.volatility() != Volatility.NONE) {
        SqlText projection = rule.flatMap(TransformRule::projection).orElseThrow();
        boolean named = !rule.get().primaryKeys().isEmpty();
        findings.error(
            named ? rule.get().primaryKeysPosition() : projection.position(),
            rule.get().path() + (named ? ".primary-keys" : ".projection"),
            "The key column "
                + Quoted.of(column.name())
                + " depends on "
                + column.volatility().title()
                + " ("
                + Quoted.escape(column.sql().map(TargetColumn.ExpressionText::text).orElse(""))
                + "), so that a row would not be found again",
            "take a key from columns of the row");
      }
    }
  }

  void checkSoftDelete(List<String> key) {
    if (rule.isPresent() && rule.get().softDelete() && key.isEmpty()) {
      findings.error(
          rule.get().position(),
          rule.get().path() + ".converter-after-transform",
          "SOFT_DELETE needs a key, and table " + Quoted.of(source.table()) + " has none",
          "name key columns in 'primary-keys'");
    }
  }
}
