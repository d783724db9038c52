package io.firn.source.binlog;

import com.github.shyiko.mysql.binlog.network.SSLSocketFactory;
import io.firn.source.connect.Tls;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * Encrypts the binlog connection. Checks the host name of the options itself: the client's own
 * check takes the name that the address resolves back to.
 */
final class TlsSockets implements SSLSocketFactory {
  private final Tls tls;
  private final String hostname;

  TlsSockets(Tls tls, String hostname) {
    this.tls = tls;
    this.hostname = hostname;
  }

  @Override
  public SSLSocket createSocket(Socket socket) throws SocketException {
    try {
      SSLSocket encrypted =
          (SSLSocket)
              tls.context()
                  .getSocketFactory()
                  .createSocket(socket, hostname, socket.getPort(), true);
      if (tls.mode() == Tls.Mode.VERIFY_IDENTITY) {
        SSLParameters parameters = encrypted.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        encrypted.setSSLParameters(parameters);
      }
      return encrypted;
    } catch (IOException e) {
      SocketException failure = new SocketException(e.getMessage());
      failure.initCause(e);
      throw failure;
    }
  }
}
