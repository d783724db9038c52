package io.firn.testservers;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/**
 * An HTTP server in front of another one, such as an object store or a REST catalog, that lets
 * single requests fail: each in the way that a {@link Rule} chooses.
 *
 * <p>Serves one request for each connection; {@code Host} is passed on as it came, so signatures
 * stay valid.
 *
 * <p><b>Threading</b>: may be used by any thread; two daemon threads for each connection.
 */
public final class HttpFaultProxy implements AutoCloseable {
  private static final int BUFFER_BYTES = 8_192;
  private static final int MAX_HEAD_BYTES = 1 << 20;

  /** What happens to a request. */
  public enum Outcome {
    /** It is served. */
    PASSED,
    /** Answered with 500; the server behind does not see it. */
    SERVER_ERROR,
    /** Answered with 503 and S3's {@code SlowDown}; the server behind does not see it. */
    SLOW_DOWN,
    /** The connection is reset; the server behind does not see the request. */
    RESET,
    /** The server behind does what is asked, and the connection is reset instead of an answer. */
    ANSWER_LOST,
    /** The connection is reset in the middle of the answer. */
    RESET_IN_ANSWER,
    /** The server behind does what is asked, and no answer comes until the client gives up. */
    SILENT
  }

  /** Chooses what happens. Called by several threads. */
  public interface Rule {
    /**
     * @param method such as {@code PUT}
     * @param path path and query
     */
    Outcome outcome(String method, String path);
  }

  private final ServerSocket listener;
  private final URI target;
  private final OpenSockets sockets = new OpenSockets();
  private final Map<Outcome, Integer> counts = new EnumMap<>(Outcome.class);
  private volatile Rule rule = (method, path) -> Outcome.PASSED;
  private volatile boolean closed;

  /** Starts to forward to a server; everything passes until a rule is set. */
  public HttpFaultProxy(URI target) {
    this.target = target;
    try {
      listener = new ServerSocket(0, 200, InetAddress.getByName("127.0.0.1"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    start("accept", this::accept);
  }

  /** Where clients connect to. */
  public URI uri() {
    return URI.create("http://127.0.0.1:" + listener.getLocalPort());
  }

  /** From now on, this decides about every request. */
  public void use(Rule other) {
    rule = other;
  }

  /** From now on, everything passes. */
  public void heal() {
    use((method, path) -> Outcome.PASSED);
  }

  /** How many requests had this outcome. */
  public int count(Outcome outcome) {
    synchronized (counts) {
      return counts.getOrDefault(outcome, 0);
    }
  }

  private static void start(String name, Runnable task) {
    Thread thread = new Thread(task, "http-fault-proxy-" + name);
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    while (!closed) {
      try {
        Socket client = listener.accept();
        sockets.add(client);
        start("request", () -> serve(client));
      } catch (IOException e) {
        // Closed, or a client that was gone before it was accepted.
        continue;
      }
    }
  }

  private void serve(Socket client) {
    Socket server = new Socket();
    sockets.add(server);
    try {
      client.setTcpNoDelay(true);
      InputStream in = new BufferedInputStream(client.getInputStream());
      String head = head(in);
      String[] words = head.substring(0, head.indexOf('\r')).split(" ");
      Outcome outcome = rule.outcome(words[0], words[1]);
      synchronized (counts) {
        counts.merge(outcome, 1, Integer::sum);
      }
      if (outcome == Outcome.RESET) {
        sockets.reset(client);
        return;
      }
      if (header(head, "expect").startsWith("100")) {
        write(client, "HTTP/1.1 100 Continue\r\n\r\n");
      }
      if (outcome == Outcome.SERVER_ERROR || outcome == Outcome.SLOW_DOWN) {
        copyBody(head, in, OutputStream.nullOutputStream());
        write(client, failure(outcome));
        return;
      }
      server.connect(new InetSocketAddress(target.getHost(), target.getPort()), 10_000);
      write(server, forwarded(head));
      copyBody(head, in, server.getOutputStream());
      answer(outcome, server, client);
    } catch (IOException e) {
      // Either side went away, which the other one learns by the end of its connection.
      return;
    } finally {
      sockets.close(server);
      sockets.close(client);
    }
  }

  private void answer(Outcome outcome, Socket server, Socket client) throws IOException {
    byte[] answer = server.getInputStream().readAllBytes();
    switch (outcome) {
      case ANSWER_LOST -> sockets.reset(client);
      case SILENT -> client.getInputStream().readAllBytes();
      case RESET_IN_ANSWER -> {
        client.getOutputStream().write(answer, 0, answer.length / 2);
        client.getOutputStream().flush();
        sockets.reset(client);
      }
      default -> client.getOutputStream().write(answer);
    }
  }

  private static String failure(Outcome outcome) {
    boolean slow = outcome == Outcome.SLOW_DOWN;
    String code = slow ? "SlowDown" : "InternalError";
    String body = "<Error><Code>" + code + "</Code><Message>on purpose</Message></Error>";
    return (slow ? "HTTP/1.1 503 Slow Down" : "HTTP/1.1 500 Internal Server Error")
        + "\r\nContent-Type: application/xml\r\nConnection: close\r\nContent-Length: "
        + body.length()
        + "\r\n\r\n"
        + body;
  }

  /** The request's head with its empty line. */
  private static String head(InputStream in) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    int last = 0;
    while (bytes.size() < MAX_HEAD_BYTES) {
      int b = in.read();
      if (b < 0) {
        throw new EOFException();
      }
      bytes.write(b);
      last = last << 8 | b;
      if (last == 0x0d0a0d0a) {
        return bytes.toString(StandardCharsets.ISO_8859_1);
      }
    }
    throw new IOException("The request's head is too long");
  }

  private static String header(String head, String name) {
    for (String line : head.split("\r\n")) {
      int colon = line.indexOf(':');
      if (colon > 0 && line.substring(0, colon).toLowerCase(Locale.ROOT).equals(name)) {
        return line.substring(colon + 1).strip().toLowerCase(Locale.ROOT);
      }
    }
    return "";
  }

  /** The same head for a connection of a single request. */
  private static String forwarded(String head) {
    StringBuilder lines = new StringBuilder();
    for (String line : head.strip().split("\r\n")) {
      String name = line.toLowerCase(Locale.ROOT);
      if (!name.startsWith("connection:") && !name.startsWith("expect:")) {
        lines.append(line).append("\r\n");
      }
    }
    return lines + "Connection: close\r\n\r\n";
  }

  private static void copyBody(String head, InputStream in, OutputStream out) throws IOException {
    if (header(head, "transfer-encoding").contains("chunked")) {
      for (int size = chunk(in, out); size > 0; size = chunk(in, out)) {
        copy(in, out, size + 2L);
      }
      // Trailers, up to the empty line.
      while (!line(in, out).isEmpty()) {
        continue;
      }
    } else {
      String length = header(head, "content-length");
      copy(in, out, length.isEmpty() ? 0 : Long.parseLong(length));
    }
    out.flush();
  }

  private static int chunk(InputStream in, OutputStream out) throws IOException {
    return Integer.parseInt(line(in, out).split(";")[0].strip(), 16);
  }

  private static String line(InputStream in, OutputStream out) throws IOException {
    StringBuilder line = new StringBuilder();
    for (int b = in.read(); b >= 0; b = in.read()) {
      out.write(b);
      if (b == '\n') {
        return line.toString().strip();
      }
      line.append((char) b);
    }
    throw new EOFException();
  }

  private static void copy(InputStream in, OutputStream out, long bytes) throws IOException {
    byte[] buffer = new byte[BUFFER_BYTES];
    for (long left = bytes; left > 0; ) {
      int n = in.read(buffer, 0, (int) Math.min(left, buffer.length));
      if (n < 0) {
        throw new EOFException();
      }
      out.write(buffer, 0, n);
      left -= n;
    }
  }

  private static void write(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    socket.getOutputStream().flush();
  }

  @Override
  public void close() {
    closed = true;
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      sockets.resetAll();
    }
  }
}
