package io.firn.source.connect;

import io.firn.model.error.ConfigurationException;
import io.firn.model.secret.Secret;
import io.firn.source.Flavour;
import io.firn.source.MySqlSourceOptions;
import io.firn.source.Texts;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/**
 * How connections to the source are encrypted: the same for JDBC and for the binlog, whatever the
 * drivers call it. Said in the pipeline file as {@code debezium.database.ssl.*}.
 */
public final class Tls {

  /** What is asked of a connection. */
  public enum Mode {
    /** No TLS. */
    DISABLED("disable"),
    /** TLS if the server offers it; any certificate will do. Not available with MariaDB. */
    PREFERRED("preferred"),
    /** TLS or no connection; any certificate will do. */
    REQUIRED("trust"),
    /** TLS with a certificate of a trusted authority. */
    VERIFY_CA("verify-ca"),
    /** Such a certificate, for the host name that is connected to. */
    VERIFY_IDENTITY("verify-full");

    private final String mariaDbName;

    Mode(String mariaDbName) {
      this.mariaDbName = mariaDbName;
    }

    /** Whether certificates are checked. */
    public boolean verifies() {
      return this == VERIFY_CA || this == VERIFY_IDENTITY;
    }
  }

  private static final String PREFIX = "database.ssl.";
  private static final String MODE = PREFIX + "mode";
  private static final String KEY_STORE = PREFIX + "keystore";
  private static final String TRUST_STORE = PREFIX + "truststore";

  private final Flavour flavour;
  private final Mode mode;
  private final String keyStore;
  private final Secret keyPassword;
  private final String trustStore;
  private final Secret trustPassword;

  private Tls(MySqlSourceOptions options) {
    Map<String, String> properties = options.debeziumProperties();
    this.flavour = options.flavour();
    this.mode = mode(flavour, properties.get(MODE));
    this.keyStore = properties.get(KEY_STORE);
    this.keyPassword = new Secret(properties.getOrDefault(KEY_STORE + ".password", ""));
    this.trustStore = properties.get(TRUST_STORE);
    this.trustPassword = new Secret(properties.getOrDefault(TRUST_STORE + ".password", ""));
  }

  /**
   * What the options say.
   *
   * @throws ConfigurationException for a mode that does not exist
   */
  public static Tls of(MySqlSourceOptions options) {
    return new Tls(options);
  }

  private static Mode mode(Flavour flavour, String text) {
    if (text == null) {
      return flavour == Flavour.MYSQL ? Mode.PREFERRED : Mode.DISABLED;
    }
    String name = text.strip().toLowerCase(Locale.ROOT).replace('-', '_');
    for (Mode mode : Mode.values()) {
      boolean named =
          mode.name().toLowerCase(Locale.ROOT).equals(name)
              || mode.mariaDbName.replace('-', '_').equals(name);
      if (named && !(mode == Mode.PREFERRED && flavour == Flavour.MARIADB)) {
        return mode;
      }
    }
    throw new ConfigurationException(
        "Reading 'debezium."
            + MODE
            + "' failed: '"
            + Texts.quote(text)
            + "' is not a mode"
            + (flavour == Flavour.MARIADB ? " for MariaDB" : "")
            + "; use disabled,"
            + (flavour == Flavour.MARIADB ? "" : " preferred,")
            + " required, verify_ca or verify_identity.");
  }

  /** What is asked of connections. */
  public Mode mode() {
    return mode;
  }

  /** The mode as Debezium's connector of the flavour names it. */
  String debeziumMode() {
    return flavour == Flavour.MARIADB ? mode.mariaDbName : mode.name().toLowerCase(Locale.ROOT);
  }

  /** The properties of the flavour's JDBC driver. */
  Map<String, String> jdbcProperties() {
    boolean mariaDb = flavour == Flavour.MARIADB;
    Map<String, String> properties = new LinkedHashMap<>();
    properties.put("sslMode", mariaDb ? mode.mariaDbName : mode.name());
    if (mode == Mode.DISABLED) {
      return properties;
    }
    String path = mariaDb ? "" : "file:";
    if (trustStore != null) {
      properties.put(mariaDb ? "trustStore" : "trustCertificateKeyStoreUrl", path + trustStore);
      properties.put(
          mariaDb ? "trustStorePassword" : "trustCertificateKeyStorePassword",
          trustPassword.reveal());
    }
    if (keyStore != null) {
      properties.put(mariaDb ? "keyStore" : "clientCertificateKeyStoreUrl", path + keyStore);
      properties.put(
          mariaDb ? "keyStorePassword" : "clientCertificateKeyStorePassword", keyPassword.reveal());
    }
    return properties;
  }

  /**
   * A context with these stores.
   *
   * @throws ConfigurationException if a store cannot be read
   */
  public SSLContext context() {
    try {
      KeyManager[] keys = null;
      if (keyStore != null) {
        KeyManagerFactory factory =
            KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(load(keyStore, keyPassword, KEY_STORE), keyPassword.reveal().toCharArray());
        keys = factory.getKeyManagers();
      }
      TrustManager[] trust = {new TrustEveryone()};
      if (mode.verifies()) {
        TrustManagerFactory factory =
            TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(trustStore == null ? null : load(trustStore, trustPassword, TRUST_STORE));
        trust = factory.getTrustManagers();
      }
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys, trust, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new ConfigurationException(
          "Preparing TLS failed: " + e.getMessage() + "; check 'debezium.database.ssl.*'.", e);
    }
  }

  private static KeyStore load(String path, Secret password, String property)
      throws GeneralSecurityException {
    // The JDK's JKS reads PKCS #12 too.
    KeyStore store = KeyStore.getInstance("JKS");
    try (InputStream in = Files.newInputStream(Path.of(path))) {
      store.load(in, password.reveal().isEmpty() ? null : password.reveal().toCharArray());
      return store;
    } catch (IOException | GeneralSecurityException e) {
      throw new ConfigurationException(
          "Reading the store '"
              + Texts.quote(path)
              + "' failed: "
              + (e instanceof java.nio.file.NoSuchFileException ? "no such file" : e.getMessage())
              + "; check 'debezium."
              + property
              + "' and 'debezium."
              + property
              + ".password'.",
          e);
    }
  }
}
