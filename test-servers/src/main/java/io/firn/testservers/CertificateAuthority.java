package io.firn.testservers;

import io.firn.testservers.process.Commands;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * A certificate authority for tests of TLS, made with the JDK's {@code keytool} in a directory of
 * the test.
 *
 * <p><b>Threading</b>: one thread.
 */
public final class CertificateAuthority {
  /** Password of every store. */
  public static final String PASSWORD = "firn-store-s3cret";

  private static final String CA = "ca";

  private final Path directory;

  /**
   * What an authority issued.
   *
   * @param keyStore PKCS #12 with the key and the certificate
   * @param certificate PEM
   * @param key PEM, not encrypted
   */
  public record Issued(Path keyStore, Path certificate, Path key) {}

  /** A new authority in an existing, empty directory. */
  public CertificateAuthority(Path directory) {
    this.directory = directory;
    keyPair(store(CA), CA, "CN=Firn test authority", "bc:c");
    keytool("-exportcert", "-rfc", "-alias", CA, "-keystore", store(CA), "-file", pem(CA));
    keytool("-importcert", "-noprompt", "-alias", CA, "-keystore", trustStore(), "-file", pem(CA));
  }

  /** PKCS #12 with the authority's certificate. */
  public Path trustStore() {
    return directory.resolve("trust.p12");
  }

  /** The authority's certificate, PEM. */
  public Path certificate() {
    return pem(CA);
  }

  /**
   * Issues a certificate.
   *
   * @param host DNS name that it is for
   */
  public Issued issue(String host) {
    Path request = directory.resolve(host + ".csr");
    Path store = store(host);
    keyPair(store, host, "CN=" + host, "san=dns:" + host);
    keytool("-certreq", "-alias", host, "-keystore", store, "-file", request);
    keytool(
        "-gencert",
        "-rfc",
        "-alias",
        CA,
        "-keystore",
        store(CA),
        "-infile",
        request,
        "-outfile",
        pem(host),
        "-validity",
        "30",
        "-ext",
        "san=dns:" + host);
    keytool("-importcert", "-noprompt", "-alias", CA, "-keystore", store, "-file", pem(CA));
    keytool("-importcert", "-noprompt", "-alias", host, "-keystore", store, "-file", pem(host));
    Path key = directory.resolve(host + "-key.pem");
    try (InputStream in = Files.newInputStream(store)) {
      KeyStore loaded = KeyStore.getInstance("PKCS12");
      loaded.load(in, PASSWORD.toCharArray());
      byte[] encoded = loaded.getKey(host, PASSWORD.toCharArray()).getEncoded();
      Files.writeString(
          key,
          "-----BEGIN PRIVATE KEY-----\n"
              + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded)
              + "\n-----END PRIVATE KEY-----\n");
    } catch (IOException | GeneralSecurityException e) {
      throw new ServerException("Cannot write the key of '" + host + "': " + e, e);
    }
    return new Issued(store, pem(host), key);
  }

  private Path store(String name) {
    return directory.resolve(name + ".p12");
  }

  private Path pem(String name) {
    return directory.resolve(name + ".pem");
  }

  private static void keyPair(Path store, String alias, String name, String extension) {
    keytool(
        "-genkeypair",
        "-alias",
        alias,
        "-keyalg",
        "RSA",
        "-keysize",
        "2048",
        "-dname",
        name,
        "-ext",
        extension,
        "-validity",
        "30",
        "-keystore",
        store);
  }

  private static void keytool(Object... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    for (Object argument : arguments) {
      command.add(argument.toString());
    }
    command.addAll(List.of("-storetype", "PKCS12", "-storepass", PASSWORD));
    try {
      Commands.run(command, null, 60);
    } catch (IOException e) {
      throw new ServerException("Cannot run keytool: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ServerException("Interrupted while making certificates", e);
    }
  }
}
