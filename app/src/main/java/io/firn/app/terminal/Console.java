package io.firn.app.terminal;

import io.firn.app.log.Secrets;
import io.firn.dsl.finding.Quoted;
import java.io.PrintStream;
import java.io.Writer;

/**
 * What people see: plain lines on standard output, problems on standard error. Secrets are blacked
 * out and characters that move a cursor, reorder or hide text escaped in everything that passes
 * through.
 *
 * <p><b>Threading</b>: thread-safe.
 */
public final class Console {
  private final PrintStream out;
  private final PrintStream err;
  private final boolean terminal;
  private final Secrets secrets;

  /**
   * @param terminal whether {@code out} is a terminal on which a line may be drawn again
   */
  public Console(PrintStream out, PrintStream err, boolean terminal, Secrets secrets) {
    this.out = out;
    this.err = err;
    this.terminal = terminal;
    this.secrets = secrets;
  }

  /** Whether a line may be drawn again. */
  public boolean isTerminal() {
    return terminal;
  }

  /** The secrets that are blacked out. */
  public Secrets secrets() {
    return secrets;
  }

  /** Prints one or several lines. */
  public synchronized void print(String text) {
    out.println(clean(text));
    out.flush();
  }

  /** Prints a problem. */
  public synchronized void error(String text) {
    out.flush();
    err.println(clean(text));
    err.flush();
  }

  /** Draws a line over the last one drawn, on a terminal only. */
  public synchronized void redraw(String text) {
    if (terminal) {
      out.print("\r\u001b[2K" + clean(text));
      out.flush();
    }
  }

  /** Ends a line that was redrawn. */
  public synchronized void endRedraw() {
    if (terminal) {
      out.print("\r\u001b[2K");
      out.flush();
    }
  }

  /** A writer whose lines go to standard output like everything else. */
  public Writer lines() {
    return new LineWriter(this::print);
  }

  /** A writer whose lines go to standard error like everything else. */
  public Writer errorLines() {
    return new LineWriter(this::error);
  }

  private String clean(String text) {
    String redacted = secrets.redact(text);
    StringBuilder result = new StringBuilder(redacted.length());
    redacted
        .codePoints()
        .forEach(
            c -> {
              if (c == '\n' || c == '\t' || !Quoted.isInvisible(c)) {
                result.appendCodePoint(c);
              } else {
                result.append(String.format("\\u%04x", c));
              }
            });
    return result.toString();
  }
}
