package io.firn.testservers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 30, unit = TimeUnit.SECONDS)
class TcpProxyTest {
  private ServerSocket echo;
  private TcpProxy proxy;

  @BeforeEach
  void start() throws IOException {
    echo = echo();
    proxy = new TcpProxy(echo.getLocalPort());
  }

  @AfterEach
  void stop() throws IOException {
    proxy.close();
    echo.close();
  }

  private static ServerSocket echo() throws IOException {
    ServerSocket server = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
    Thread thread =
        new Thread(
            () -> {
              try {
                while (true) {
                  Socket socket = server.accept();
                  new Thread(() -> answer(socket)).start();
                }
              } catch (IOException e) {
                return; // closed
              }
            });
    thread.setDaemon(true);
    thread.start();
    return server;
  }

  private static void answer(Socket socket) {
    try (socket) {
      socket.getInputStream().transferTo(socket.getOutputStream());
    } catch (IOException e) {
      return; // cut
    }
  }

  private Socket client() throws IOException {
    Socket socket = new Socket("127.0.0.1", proxy.port());
    socket.setSoTimeout(300);
    return socket;
  }

  private static String ask(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    InputStream in = socket.getInputStream();
    return new String(in.readNBytes(text.length()), java.nio.charset.StandardCharsets.US_ASCII);
  }

  @Test
  void bytesPassInBothDirections() throws IOException {
    try (Socket client = client()) {
      assertThat(ask(client, "hello")).isEqualTo("hello");
      assertThat(proxy.accepted()).isEqualTo(1);
    }
  }

  @Test
  void aStallHoldsBytesBackAndHealingLetsThemPass() throws IOException {
    try (Socket client = client()) {
      ask(client, "a");
      proxy.stall();
      assertThatThrownBy(() -> ask(client, "b")).isInstanceOf(SocketTimeoutException.class);
      proxy.heal();
      assertThat(client.getInputStream().read()).isEqualTo('b');
    }
  }

  @Test
  void aCutEndsConnectionsButNotTheProxy() throws IOException {
    try (Socket client = client();
        Socket other = client()) {
      ask(client, "a");
      ask(other, "a");
      proxy.cut();
      assertThatThrownBy(() -> client.getInputStream().readNBytes(1))
          .isInstanceOf(IOException.class)
          .isNotInstanceOf(SocketTimeoutException.class);
      try (Socket next = client()) {
        assertThat(ask(next, "b")).isEqualTo("b");
      }
    }
  }

  @Test
  void aCutAfterSomeBytesLetsExactlyThosePass() throws IOException {
    try (Socket client = client()) {
      ask(client, "12345");
      proxy.cutAfter(3);
      client.getOutputStream().write("abcdef".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
      byte[] got = new byte[6];
      int n = 0;
      try {
        for (int r = client.getInputStream().read(got, n, 6 - n);
            r > 0;
            r = client.getInputStream().read(got, n, 6 - n)) {
          n += r;
        }
      } catch (SocketTimeoutException e) {
        throw e;
      } catch (IOException e) {
        // A reset may discard what was not read yet.
        assertThat(n).isLessThanOrEqualTo(3);
        return;
      }
      assertThat(n).isEqualTo(3);
    }
  }

  @Test
  void aDelayHoldsEveryPieceBack() throws IOException {
    try (Socket client = client()) {
      proxy.delay(Duration.ofMillis(100));
      long start = System.nanoTime();
      ask(client, "a");
      assertThat(System.nanoTime() - start).isGreaterThan(90_000_000L);
    }
  }

  @Test
  void newConnectionsGoWhereTheProxyIsRedirectedTo() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"));
        Socket old = client()) {
      ask(old, "a");
      proxy.redirect(silent.getLocalPort());
      assertThat(ask(old, "b")).isEqualTo("b");
      try (Socket next = client();
          Socket arrived = silent.accept()) {
        next.getOutputStream().write('x');
        assertThat(arrived.getInputStream().read()).isEqualTo('x');
      }
    }
  }
}
