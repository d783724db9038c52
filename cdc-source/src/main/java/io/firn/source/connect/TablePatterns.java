package io.firn.source.connect;

import io.firn.model.error.ConfigurationException;
import io.firn.model.pattern.BadPatternException;
import io.firn.model.pattern.TablePattern;
import io.firn.model.schema.TableId;
import io.firn.source.Texts;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Which tables are captured: those of one list but for those of another.
 *
 * @param included the tables that are captured
 * @param excluded tables that are left out all the same
 */
public record TablePatterns(TablePattern included, Optional<TablePattern> excluded)
    implements Predicate<TableId> {

  /**
   * Reads {@code tables} and {@code tables.exclude}.
   *
   * @param tables patterns of captured tables, at least one
   * @param exclude patterns of tables that are left out all the same; may be empty or null
   * @throws ConfigurationException if a pattern is malformed
   */
  public static TablePatterns parse(String tables, String exclude) {
    return new TablePatterns(
        read(tables, "tables"),
        exclude == null || exclude.isBlank()
            ? Optional.empty()
            : Optional.of(read(exclude, "tables.exclude")));
  }

  private static TablePattern read(String text, String option) {
    try {
      return TablePattern.parse(text);
    } catch (BadPatternException e) {
      throw new ConfigurationException(
          "Reading '%s' failed: '%s' %s; %s."
              .formatted(option, Texts.quote(e.text()), e.getMessage(), e.remedy()),
          e);
    }
  }

  @Override
  public boolean test(TableId id) {
    return included.matches(id) && excluded.stream().noneMatch(pattern -> pattern.matches(id));
  }

  /** The patterns of captured tables, as written, that match none of these tables. */
  public List<String> withoutMatch(List<TableId> tables) {
    return included.parts().stream()
        .filter(part -> tables.stream().noneMatch(part.matcher()))
        .map(TablePattern.Part::text)
        .toList();
  }
}
