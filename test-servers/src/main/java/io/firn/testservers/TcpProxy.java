package io.firn.testservers;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A network between client and server that fails when told to: on a free port of the loopback
 * address, forwarding to another port of it.
 *
 * <p>Faults work on all connections, those that exist and those to come, until they are ended by
 * {@link #heal()}; only {@link #cut()} and {@link #cutAfter} happen once.
 *
 * <p><b>Threading</b>: may be used by any thread; two daemon threads for each connection copy.
 */
public final class TcpProxy implements AutoCloseable {
  private static final int BUFFER_BYTES = 8_192;
  private static final long NEVER = Long.MAX_VALUE;

  private final ServerSocket listener;
  private final OpenSockets sockets = new OpenSockets();
  private final AtomicInteger accepted = new AtomicInteger();
  private final AtomicLong bytesUntilCut = new AtomicLong(NEVER);
  private final Object change = new Object();
  private volatile int target;
  private volatile boolean stalled;
  private volatile boolean closed;
  private volatile long delayMillis;

  /** Starts to forward to a port of the loopback address. */
  public TcpProxy(int target) {
    this.target = target;
    try {
      listener = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    start("accept", this::accept);
  }

  /** Starts to forward to a server. */
  public static TcpProxy to(DatabaseServer server) {
    return new TcpProxy(server.port());
  }

  /** Where clients connect to. */
  public int port() {
    return listener.getLocalPort();
  }

  /** How many connections were accepted so far. */
  public int accepted() {
    return accepted.get();
  }

  /** From now on, new connections go to another port; existing ones stay where they are. */
  public void redirect(int port) {
    target = port;
  }

  /** Ends all connections at once, as when a cable is cut and the other side resets. */
  public void cut() {
    sockets.resetAll();
  }

  /**
   * Cuts all connections once, as soon as this many more bytes have come from the server; the bytes
   * before that are passed on.
   */
  public void cutAfter(long bytesFromServer) {
    bytesUntilCut.set(bytesFromServer);
  }

  /** Keeps connections open and lets nothing pass in either direction; nothing is lost. */
  public void stall() {
    stalled = true;
  }

  /** Holds back what comes from the server, for this long with each piece. */
  public void delay(Duration each) {
    delayMillis = each.toMillis();
  }

  /** Ends stalling and delaying, and forgets a cut that did not happen yet. */
  public void heal() {
    bytesUntilCut.set(NEVER);
    delayMillis = 0;
    synchronized (change) {
      stalled = false;
      change.notifyAll();
    }
  }

  private static void start(String name, Runnable task) {
    Thread thread = new Thread(task, "tcp-proxy-" + name);
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    while (!closed) {
      try {
        Socket client = listener.accept();
        accepted.incrementAndGet();
        connect(client);
      } catch (IOException e) {
        // Closed; a server that is down is not the end of the proxy.
        continue;
      }
    }
  }

  private void connect(Socket client) {
    Socket server = new Socket();
    try {
      client.setTcpNoDelay(true);
      server.setTcpNoDelay(true);
      server.connect(new InetSocketAddress("127.0.0.1", target), 10_000);
    } catch (IOException e) {
      sockets.reset(client);
      sockets.close(server);
      return;
    }
    sockets.add(client);
    sockets.add(server);
    start("up", () -> copy(client, server, false));
    start("down", () -> copy(server, client, true));
  }

  private void copy(Socket from, Socket to, boolean fromServer) {
    byte[] buffer = new byte[BUFFER_BYTES];
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        hold(fromServer);
        int allowed = fromServer ? allowed(n) : n;
        out.write(buffer, 0, allowed);
        if (allowed < n) {
          cut();
          return;
        }
      }
      sockets.close(from);
      sockets.close(to);
    } catch (IOException e) {
      sockets.close(from);
      sockets.close(to);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void hold(boolean fromServer) throws InterruptedException {
    synchronized (change) {
      while (stalled && !closed) {
        change.wait();
      }
    }
    if (fromServer && delayMillis > 0) {
      Thread.sleep(delayMillis);
    }
  }

  /** How many of {@code n} bytes may pass before the cut. */
  private int allowed(int n) {
    while (true) {
      long left = bytesUntilCut.get();
      if (left == NEVER) {
        return n;
      }
      boolean cut = left < n;
      if (bytesUntilCut.compareAndSet(left, cut ? NEVER : left - n)) {
        return cut ? (int) left : n;
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    heal();
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      cut();
    }
  }
}
