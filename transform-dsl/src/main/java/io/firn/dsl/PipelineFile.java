package io.firn.dsl;

import io.firn.dsl.finding.Findings;
import io.firn.dsl.finding.Position;
import io.firn.dsl.finding.Quoted;
import io.firn.dsl.finding.Result;
import io.firn.dsl.spec.PipelineSpec;
import io.firn.dsl.spec.SpecReader;
import io.firn.dsl.yaml.Substitution;
import io.firn.dsl.yaml.YamlFile;
import io.firn.dsl.yaml.YamlNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Reads pipeline files. Connects to nothing. */
public final class PipelineFile {
  private PipelineFile() {}

  /**
   * Reads and checks a file.
   *
   * @param file the file, named in findings as it is given here
   * @param environment where references get their values from
   * @return the spec, or every finding at once
   */
  public static Result<PipelineSpec> parse(Path file, Environment environment) {
    return parse(file, environment, ReferenceListener.NONE);
  }

  /** The same, telling a listener what references stand for, also if there are errors. */
  public static Result<PipelineSpec> parse(
      Path file, Environment environment, ReferenceListener listener) {
    Findings findings = new Findings(Quoted.escape(file.toString()));
    Optional<String> text = read(file, findings);
    if (text.isEmpty()) {
      return Result.failed(findings);
    }
    Path directory = file.toAbsolutePath().getParent();
    Substitution substitution = new Substitution(environment, directory, findings, listener);
    return parse(text.get(), findings, substitution, baseName(file));
  }

  /** Reads and checks a text as if it stood in a file of that name in the current directory. */
  public static Result<PipelineSpec> parse(String name, String text, Environment environment) {
    Findings findings = new Findings(name);
    Substitution substitution =
        new Substitution(
            environment, Path.of("").toAbsolutePath(), findings, ReferenceListener.NONE);
    return parse(text, findings, substitution, baseName(Path.of(name)));
  }

  private static Result<PipelineSpec> parse(
      String text, Findings findings, Substitution substitution, String name) {
    Optional<YamlNode> root = YamlFile.read(text, findings);
    Optional<PipelineSpec> spec =
        root.flatMap(node -> new SpecReader(findings, substitution, name).read(node));
    return spec.isPresent() && !findings.hasErrors()
        ? Result.of(spec.get(), findings)
        : Result.failed(findings);
  }

  private static Optional<String> read(Path file, Findings findings) {
    try (var in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(4 * YamlFile.MAX_CHARACTERS + 1);
      return Optional.of(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException e) {
      findings.error(Position.START, "", "The file is not UTF-8", "save it as UTF-8 text");
    } catch (java.nio.file.NoSuchFileException e) {
      findings.error(Position.START, "", "The file does not exist", "check the path");
    } catch (IOException e) {
      findings.error(
          Position.START,
          "",
          "The file cannot be read (" + Quoted.escape(String.valueOf(e.getMessage())) + ")",
          "it must be a text file readable by this process");
    }
    return Optional.empty();
  }

  private static String baseName(Path file) {
    Path last = file.getFileName();
    String name = last == null ? "" : last.toString();
    int dot = name.lastIndexOf('.');
    name = dot > 0 ? name.substring(0, dot) : name;
    return name.isBlank() ? "pipeline" : name;
  }
}
