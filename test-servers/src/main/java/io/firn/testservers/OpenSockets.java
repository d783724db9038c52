package io.firn.testservers;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The connections of a proxy, which end in good order or by a reset.
 *
 * <p><b>Threading</b>: thread-safe.
 */
final class OpenSockets {
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

  void add(Socket socket) {
    sockets.add(socket);
  }

  /** Ends a connection in good order. */
  void close(Socket socket) {
    sockets.remove(socket);
    try {
      socket.close();
    } catch (IOException e) {
      // Nothing is read from it any more.
      return;
    }
  }

  /** Ends a connection by a reset. */
  void reset(Socket socket) {
    resetWhenClosed(socket);
    close(socket);
  }

  /** Ends all connections by a reset. */
  void resetAll() {
    List<Socket> open = List.copyOf(sockets);
    // All are told to reset before the first is closed: the thread that copies from a closed one
    // closes its other side, which would end in good order if it were not told yet.
    open.forEach(OpenSockets::resetWhenClosed);
    open.forEach(this::close);
  }

  private static void resetWhenClosed(Socket socket) {
    try {
      socket.setSoLinger(true, 0);
    } catch (SocketException e) {
      // Already closed, which is what is wanted.
      return;
    }
  }
}
