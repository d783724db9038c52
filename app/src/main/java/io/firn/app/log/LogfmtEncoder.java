package io.firn.app.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import io.firn.dsl.finding.Quoted;
import java.nio.charset.StandardCharsets;
import java.time.format.DateTimeFormatter;
import java.util.Map;

/**
 * Writes one log event as one line of {@code key=value} pairs (logfmt).
 *
 * <p>Line breaks and other control characters inside values are escaped, so neither a message nor a
 * stack trace can forge a line; secrets are blacked out.
 */
final class LogfmtEncoder extends EncoderBase<ILoggingEvent> {
  private final Secrets secrets;

  LogfmtEncoder(Secrets secrets) {
    this.secrets = secrets;
  }

  @Override
  public byte[] headerBytes() {
    return new byte[0];
  }

  @Override
  public byte[] footerBytes() {
    return new byte[0];
  }

  @Override
  public byte[] encode(ILoggingEvent event) {
    StringBuilder line = new StringBuilder(256);
    line.append("time=").append(DateTimeFormatter.ISO_INSTANT.format(event.getInstant()));
    line.append(" level=").append(event.getLevel());
    line.append(" logger=");
    value(line, event.getLoggerName());
    line.append(" thread=");
    value(line, event.getThreadName());
    line.append(" message=");
    value(line, event.getFormattedMessage());
    for (Map.Entry<String, String> entry : event.getMDCPropertyMap().entrySet()) {
      line.append(' ').append(entry.getKey()).append('=');
      value(line, entry.getValue());
    }
    if (event.getThrowableProxy() != null) {
      line.append(" exception=");
      value(line, ThrowableProxyUtil.asString(event.getThrowableProxy()));
    }
    return line.append('\n').toString().getBytes(StandardCharsets.UTF_8);
  }

  private void value(StringBuilder line, String raw) {
    String text = raw == null ? "" : secrets.redact(raw);
    if (isPlain(text)) {
      line.append(text);
      return;
    }
    line.append('"');
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      i += Character.charCount(c);
      switch (c) {
        case '"' -> line.append("\\\"");
        case '\\' -> line.append("\\\\");
        case '\n' -> line.append("\\n");
        case '\r' -> line.append("\\r");
        case '\t' -> line.append("\\t");
        default -> {
          if (Quoted.isInvisible(c)) {
            line.append(String.format("\\u%04x", c));
          } else {
            line.appendCodePoint(c);
          }
        }
      }
    }
    line.append('"');
  }

  private static boolean isPlain(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c <= ' ' || c >= 127 || c == '"' || c == '\\' || c == '=') {
        return false;
      }
    }
    return !text.isEmpty();
  }
}
