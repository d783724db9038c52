package io.firn.it.soak;

import io.firn.testservers.MySqlServer;
import io.firn.testservers.TcpProxy;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What lies between the pipelines and what they connect to.
 *
 * @param server the source; both pipelines read it
 * @param toServer the way of both pipelines to the source
 * @param toCatalog the way of the steady pipeline to its catalog
 * @param source held while the source cannot be reached, and while a process starts: without a
 *     source it would end with a message, as it should
 */
record Network(MySqlServer server, TcpProxy toServer, TcpProxy toCatalog, ReentrantLock source)
    implements AutoCloseable {

  Network(MySqlServer server, TcpProxy toServer, TcpProxy toCatalog) {
    this(server, toServer, toCatalog, new ReentrantLock(true));
  }

  /** Everything passes again. */
  void heal() {
    toServer.heal();
    toCatalog.heal();
  }

  @Override
  public void close() {
    toServer.close();
    toCatalog.close();
  }
}
