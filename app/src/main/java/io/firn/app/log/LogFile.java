package io.firn.app.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.util.FileSize;
import io.firn.runtime.checkpoint.FileOperations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.logging.LogManager;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/**
 * Sends all logging of the process, that of libraries included, to one rolling file and nowhere
 * else: the terminal belongs to people. Only its owner may read the file.
 */
public final class LogFile {
  private static final long MAX_FILE_BYTES = 20L << 20;
  private static final int OLD_FILES_KEPT = 4;

  /** Libraries that tell too much below WARN; some of them print whole configurations. */
  private static final List<String> TALKATIVE =
      List.of(
          "io.debezium",
          "org.apache.kafka",
          "com.github.shyiko",
          "org.apache.iceberg",
          "org.apache.hadoop",
          "org.apache.parquet",
          "org.apache.calcite",
          "software.amazon.awssdk",
          "org.apache.hc",
          "org.apache.http",
          "ch.vorburger",
          "org.mariadb",
          "com.mysql",
          "org.sqlite");

  private LogFile() {}

  /** Silences everything until {@link #start} says where to write. */
  public static void silence() {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(Level.OFF);
    bridgeJavaLogging();
  }

  /**
   * Starts logging to a file, which is appended to; its directory is created.
   *
   * @param verbose whether to write DEBUG of Firn and INFO of its libraries
   * @throws IOException if the file cannot be written
   */
  public static void start(Path file, boolean verbose, Secrets secrets) throws IOException {
    Path absolute = file.toAbsolutePath();
    FileOperations.SYSTEM.createDirectories(absolute.getParent());
    NumberedLogFiles.createForOwner(absolute);
    if (!Files.isWritable(absolute)) {
      throw new IOException("Cannot write to the log file '" + absolute + "'");
    }
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    context.reset();
    bridgeJavaLogging();

    LogfmtEncoder encoder = new LogfmtEncoder(secrets);
    encoder.setContext(context);
    encoder.start();
    RollingFileAppender<ILoggingEvent> appender = new RollingFileAppender<>();
    appender.setContext(context);
    appender.setFile(absolute.toString());
    NumberedLogFiles rolling = new NumberedLogFiles(absolute, OLD_FILES_KEPT);
    rolling.setContext(context);
    rolling.setParent(appender);
    rolling.start();
    SizeBasedTriggeringPolicy<ILoggingEvent> trigger = new SizeBasedTriggeringPolicy<>();
    trigger.setContext(context);
    trigger.setMaxFileSize(new FileSize(MAX_FILE_BYTES));
    trigger.start();
    appender.setRollingPolicy(rolling);
    appender.setTriggeringPolicy(trigger);
    appender.setEncoder(encoder);
    appender.start();

    Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.setLevel(Level.INFO);
    root.addAppender(appender);
    context.getLogger("io.firn").setLevel(verbose ? Level.DEBUG : Level.INFO);
    for (String name : TALKATIVE) {
      context.getLogger(name).setLevel(verbose ? Level.INFO : Level.WARN);
    }
  }

  private static void bridgeJavaLogging() {
    // The binlog client and the JDBC drivers log through java.util.logging, by default to stderr.
    LogManager.getLogManager().reset();
    if (!SLF4JBridgeHandler.isInstalled()) {
      SLF4JBridgeHandler.install();
    }
    LogManager.getLogManager().getLogger("").setLevel(java.util.logging.Level.INFO);
  }
}
