package io.firn.app.terminal;

import java.io.Writer;
import java.util.function.Consumer;

/** Hands on what is written line by line. */
final class LineWriter extends Writer {
  private final Consumer<String> lines;
  private final StringBuilder line = new StringBuilder();

  LineWriter(Consumer<String> lines) {
    this.lines = lines;
  }

  @Override
  public void write(char[] characters, int offset, int length) {
    for (int i = offset; i < offset + length; i++) {
      if (characters[i] == '\n') {
        lines.accept(line.toString());
        line.setLength(0);
      } else if (characters[i] != '\r') {
        line.append(characters[i]);
      }
    }
  }

  @Override
  public void flush() {
    // A line is handed on when it is complete.
  }

  @Override
  public void close() {
    if (line.length() > 0) {
      lines.accept(line.toString());
      line.setLength(0);
    }
  }
}
