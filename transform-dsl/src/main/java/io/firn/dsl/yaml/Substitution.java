package io.firn.dsl.yaml;

import io.firn.dsl.Environment;
import io.firn.dsl.ReferenceListener;
import io.firn.dsl.finding.Findings;
import io.firn.dsl.finding.Quoted;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Replaces <code>${env:NAME}</code> and <code>${file:path}</code> in a value. What comes from them
 * is never shown: messages name the variable or the file only.
 */
public final class Substitution {
  private final Environment environment;
  private final Path directory;
  private final Findings findings;
  private final ReferenceListener listener;

  /**
   * @param environment where values come from
   * @param directory what relative file paths are relative to: the directory of the pipeline file
   * @param findings where missing variables are noted
   * @param listener told the values of references that must not be shown
   */
  public Substitution(
      Environment environment, Path directory, Findings findings, ReferenceListener listener) {
    this.environment = environment;
    this.directory = directory;
    this.findings = findings;
    this.listener = listener;
  }

  /** Whether a text asks for a substitution. */
  public static boolean isWanted(String text) {
    return text.contains("${");
  }

  /**
   * The value of a scalar with every reference replaced. A single trailing line end of a file is
   * dropped: it is an accident of the editor.
   *
   * @param hidden whether what references stand for must not be shown
   * @return empty after noting what is missing
   */
  public Optional<String> apply(YamlNode.Scalar scalar, String path, boolean hidden) {
    String text = scalar.text();
    if (!isWanted(text)) {
      return Optional.of(text);
    }
    StringBuilder out = new StringBuilder();
    boolean complete = true;
    int position = 0;
    while (true) {
      int open = text.indexOf("${", position);
      if (open < 0) {
        out.append(text, position, text.length());
        break;
      }
      out.append(text, position, open);
      int close = text.indexOf('}', open);
      if (close < 0) {
        findings.error(
            scalar.map().at(open), path, "'${' without '}'", "close the reference with '}'");
        return Optional.empty();
      }
      Optional<String> value = resolve(text.substring(open + 2, close), scalar, open, path);
      complete &= value.isPresent();
      if (hidden) {
        value.ifPresent(v -> listener.resolved(path, v));
      }
      out.append(value.orElse(""));
      position = close + 1;
    }
    return complete ? Optional.of(out.toString()) : Optional.empty();
  }

  private Optional<String> resolve(
      String reference, YamlNode.Scalar scalar, int offset, String path) {
    if (reference.startsWith("env:")) {
      String name = reference.substring(4);
      Optional<String> value = environment.variable(name);
      if (value.isEmpty()) {
        findings.error(
            scalar.map().at(offset),
            path,
            "The environment variable " + Quoted.of(name) + " is not set",
            "set it before starting, or write the value here");
      }
      return value;
    }
    if (reference.startsWith("file:")) {
      String name = reference.substring(5);
      try {
        String content = environment.file(directory.resolve(name));
        return Optional.of(
            content.endsWith("\r\n")
                ? content.substring(0, content.length() - 2)
                : content.endsWith("\n") ? content.substring(0, content.length() - 1) : content);
      } catch (IOException | java.nio.file.InvalidPathException e) {
        findings.error(
            scalar.map().at(offset),
            path,
            "The file " + Quoted.of(name) + " cannot be read (" + reason(e) + ")",
            "create it as UTF-8 text readable by this process; paths are relative to the pipeline"
                + " file");
        return Optional.empty();
      }
    }
    findings.error(
        scalar.map().at(offset),
        path,
        "Unknown reference " + Quoted.of("${" + reference + "}"),
        "write ${env:NAME} or ${file:path}");
    return Optional.empty();
  }

  private static String reason(Exception e) {
    if (e instanceof java.nio.file.NoSuchFileException) {
      return "it does not exist";
    }
    if (e instanceof java.nio.file.AccessDeniedException) {
      return "permission denied";
    }
    if (e instanceof java.nio.charset.CharacterCodingException) {
      return "it is not UTF-8";
    }
    return Quoted.escape(String.valueOf(e.getMessage()));
  }
}
