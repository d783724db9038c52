package io.firn.dsl.plan;

import io.firn.dsl.expression.Conversion;
import io.firn.dsl.expression.Expression;
import io.firn.dsl.expression.Literal;
import io.firn.dsl.expression.Session;
import io.firn.dsl.expression.ValueType;
import io.firn.dsl.finding.Quoted;
import io.firn.model.schema.Column;
import io.firn.model.schema.TableId;
import io.firn.model.schema.TableSchema;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;

/**
 * The layout of a target table: that of its one source, or what several sources have in common and
 * what any of them has in addition.
 *
 * <p>Merging keeps the order of the first source and appends what the others add. A type is widened
 * until it holds the values of all; a column that any source lacks is optional. A row of a source
 * that lacks a column gets the column's default for older rows: so, when the same {@code ALTER
 * TABLE} reaches one shard after the other, rows come out the same whichever shard was first.
 */
public final class TargetLayout {
  private TargetLayout() {}

  /**
   * Computes the layout.
   *
   * @param sources not empty; in the order of the source tables' names
   * @throws MergeException if the sources do not go together
   */
  public static TableSchema of(TableId target, List<CompiledTable> sources) throws MergeException {
    if (sources.size() == 1) {
      CompiledTable only = sources.get(0);
      if (only.isIdentity()) {
        return only.source().table().equals(target)
            ? only.source()
            : only.source().withTable(target);
      }
      return new TableSchema(
          target, only.columns().stream().map(TargetColumn::column).toList(), only.key());
    }
    Map<String, Column> merged = new LinkedHashMap<>();
    for (CompiledTable source : sources) {
      for (TargetColumn column : source.columns()) {
        Column known = merged.get(column.name());
        merged.put(
            column.name(),
            known == null ? column.column() : merge(target, known, column.column(), source));
      }
    }
    List<String> key = sources.get(0).key();
    for (CompiledTable source : sources) {
      if (!source.key().equals(key)) {
        throw new MergeException(
            "The tables merged into "
                + Quoted.of(target)
                + " have different keys: "
                + key
                + " and, of "
                + Quoted.of(source.source().table())
                + ", "
                + source.key(),
            "give them the same key with 'primary-keys' in a transform rule");
      }
      for (Map.Entry<String, Column> entry : merged.entrySet()) {
        if (source.column(entry.getKey()).isEmpty()) {
          entry.setValue(TargetColumn.optional(entry.getValue()));
        }
      }
    }
    return new TableSchema(target, List.copyOf(merged.values()), key);
  }

  private static Column merge(TableId target, Column a, Column b, CompiledTable source)
      throws MergeException {
    Type type =
        widen(a.type(), b.type())
            .orElseThrow(
                () ->
                    new MergeException(
                        "The column "
                            + Quoted.of(a.name())
                            + " of the tables merged into "
                            + Quoted.of(target)
                            + " is "
                            + a.type()
                            + " and, in "
                            + Quoted.of(source.source().table())
                            + ", "
                            + b.type(),
                        "convert it with CAST in a transform rule, or route the tables apart"));
    Object initial = a.initialDefault() != null ? a.initialDefault() : b.initialDefault();
    boolean differ =
        a.initialDefault() != null
            && b.initialDefault() != null
            && !a.initialDefault().equals(b.initialDefault());
    if (differ) {
      throw new MergeException(
          "The column "
              + Quoted.of(a.name())
              + " of the tables merged into "
              + Quoted.of(target)
              + " was added with different defaults",
          "give it the same default in every table, or route the tables apart");
    }
    String comment = a.comment() != null ? a.comment() : b.comment();
    return new Column(a.name(), type, a.optional() || b.optional(), comment, initial);
  }

  /** The narrower type that holds the values of both. */
  static Optional<Type> widen(Type a, Type b) {
    if (a.equals(b)) {
      return Optional.of(a);
    }
    if (a.typeId() == b.typeId() && a.typeId() == Type.TypeID.FIXED
        || a.typeId() == Type.TypeID.FIXED && b.typeId() == Type.TypeID.BINARY
        || a.typeId() == Type.TypeID.BINARY && b.typeId() == Type.TypeID.FIXED) {
      return Optional.of(Types.BinaryType.get());
    }
    ValueType left = ValueType.of(a, false);
    ValueType right = ValueType.of(b, false);
    boolean numbers = left.isNumber() && right.isNumber();
    boolean bothExact = !left.isFloating() && !right.isFloating();
    boolean bothFloating = left.isFloating() && right.isFloating();
    // A long in a double would lose digits, so exact and floating numbers are not merged.
    if (!numbers || !(bothExact || bothFloating)) {
      return Optional.empty();
    }
    return ValueType.common(List.of(left, right)).map(ValueType::toIceberg);
  }

  /** The expressions that fill a target row from a row of one source, in the target's order. */
  public static Expression[] mapping(CompiledTable source, TableSchema target, Session session) {
    List<Expression> mapping = new ArrayList<>();
    for (Column column : target.columns()) {
      mapping.add(
          source
              .column(column.name())
              .map(
                  from -> {
                    ValueType own = ValueType.of(from.column().type(), true);
                    ValueType wide = ValueType.of(column.type(), true);
                    boolean other = own.kind() == ValueType.Kind.OTHER;
                    return other
                        ? from.expression()
                        : Conversion.widen(from.expression(), own, wide, session);
                  })
              .orElseGet(() -> new Literal(column.initialDefault())));
    }
    return mapping.toArray(Expression[]::new);
  }
}
