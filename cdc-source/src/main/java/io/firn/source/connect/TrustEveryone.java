package io.firn.source.connect;

import java.security.cert.X509Certificate;
import javax.net.ssl.X509TrustManager;

/** Accepts any certificate, as the modes below {@code verify_ca} say: encryption only. */
final class TrustEveryone implements X509TrustManager {

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) {
    // Servers are connected to, never clients.
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) {
    // Asked for by the mode.
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }
}
