package io.firn.app.demo;

import io.firn.dsl.Environment;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** The variables that {@code configs/demo.yaml} refers to, and those of the process. */
record DemoEnvironment(Environment process, Map<String, String> variables) implements Environment {
  @Override
  public Optional<String> variable(String name) {
    return variables.containsKey(name) ? Optional.of(variables.get(name)) : process.variable(name);
  }

  @Override
  public String file(Path path) throws IOException {
    return process.file(path);
  }
}
