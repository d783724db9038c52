package io.firn.source.connect;

import io.firn.model.error.ConfigurationException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.util.Locale;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;

/**
 * Tells failures of TLS that come again, because certificates or settings do not fit, from those of
 * the network.
 */
public final class TlsFailures {
  private static final int INSECURE_TRANSPORT = 3159;

  private TlsFailures() {}

  /** The failure as one of the configuration; empty if TLS is not to blame. */
  public static Optional<ConfigurationException> of(Throwable failure, String address) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (t instanceof CertificateException
          || t instanceof CertPathValidatorException
          || t instanceof SSLPeerUnverifiedException
          || namesAnotherHost(t.getMessage())) {
        return Optional.of(
            new ConfigurationException(
                "Connecting to "
                    + address
                    + " over TLS failed: the server's certificate is refused: "
                    + innermost(t)
                    + "; check 'debezium.database.ssl.truststore' and 'hostname', or the server's"
                    + " certificate.",
                failure));
      }
      boolean insecure =
          t instanceof java.sql.SQLException sql && sql.getErrorCode() == INSECURE_TRANSPORT;
      if (insecure || offersNone(t.getMessage())) {
        return Optional.of(
            new ConfigurationException(
                "Connecting to "
                    + address
                    + " failed: "
                    + (insecure
                        ? "the server accepts TLS only; set 'debezium.database.ssl.mode' to"
                            + " 'required' or more."
                        : "the server does not offer TLS; switch it on there, or set"
                            + " 'debezium.database.ssl.mode' to 'disabled'."),
                failure));
      }
    }
    return Optional.empty();
  }

  /** In the words of the two JDBC drivers and of the binlog client. */
  private static boolean offersNone(String message) {
    String text = message == null ? "" : message.toLowerCase(Locale.ROOT);
    return text.contains("ssl connection required, but not")
        || text.contains("ssl not enabled in the server")
        || text.contains("server does not support ssl");
  }

  /** In the words of MariaDB's JDBC driver, which has no exception of its own for it. */
  private static boolean namesAnotherHost(String message) {
    return message != null && message.contains("SSL hostname verification failed");
  }

  private static String innermost(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null && cause.getCause() != cause) {
      cause = cause.getCause();
    }
    return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
  }
}
