package io.firn.dsl;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Variables and files that a test gives. */
public final class FakeEnvironment implements Environment {
  private final Map<String, String> variables;
  private final Map<String, String> files;

  /** Files are found by their last name. */
  public FakeEnvironment(Map<String, String> variables, Map<String, String> files) {
    this.variables = variables;
    this.files = files;
  }

  /** Nothing is set. */
  public static FakeEnvironment empty() {
    return new FakeEnvironment(Map.of(), Map.of());
  }

  @Override
  public Optional<String> variable(String name) {
    return Optional.ofNullable(variables.get(name));
  }

  @Override
  public String file(Path path) throws IOException {
    String content = files.get(path.getFileName().toString());
    if (content == null) {
      throw new NoSuchFileException(path.toString());
    }
    return content;
  }
}
