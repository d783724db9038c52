package io.firn.dsl.finding;

import io.firn.model.error.ConfigurationException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A value and what was found on the way to it; without a value if any finding is an error.
 *
 * @param value the value, empty if there are errors
 * @param findings errors, or warnings, in the order of the file
 */
public record Result<T>(Optional<T> value, List<Finding> findings) {

  /** Copies the list. */
  public Result {
    findings = List.copyOf(findings);
    if (value.isPresent() == findings.stream().anyMatch(Finding::isError)) {
      throw new IllegalArgumentException("A result has either a value or errors");
    }
  }

  /** A value, with the warnings collected so far. */
  public static <T> Result<T> of(T value, Findings findings) {
    return new Result<>(Optional.of(value), findings.sorted());
  }

  /** No value, because of the errors collected so far. */
  public static <T> Result<T> failed(Findings findings) {
    return new Result<>(Optional.empty(), findings.sorted());
  }

  /**
   * The value.
   *
   * @throws ConfigurationException with every finding, one per line, if there is none
   */
  public T orThrow() {
    return value.orElseThrow(
        () ->
            new ConfigurationException(
                findings.stream().map(Finding::toString).collect(Collectors.joining("\n"))));
  }
}
