package io.firn.source.binlog;

import com.github.shyiko.mysql.binlog.BinaryLogClient;
import com.github.shyiko.mysql.binlog.event.Event;
import com.github.shyiko.mysql.binlog.network.SSLMode;
import com.github.shyiko.mysql.binlog.network.SSLSocketFactory;
import com.github.shyiko.mysql.binlog.network.protocol.PacketChannel;
import io.firn.source.MySqlSourceOptions;
import io.firn.source.connect.Tls;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;

/**
 * The binlog client, which buffers what it reads over TLS too: the library reads an encrypted
 * connection byte by byte, which costs three times as much.
 */
final class BinlogClient extends BinaryLogClient {

  BinlogClient(MySqlSourceOptions options) {
    super(options.hostname(), options.port(), options.username(), options.password().reveal());
    Tls tls = Tls.of(options);
    super.setSSLMode(
        switch (tls.mode()) {
          case DISABLED -> SSLMode.DISABLED;
          case PREFERRED -> SSLMode.PREFERRED;
          // The sockets check certificates and names; here it only matters that there is TLS.
          case REQUIRED, VERIFY_CA, VERIFY_IDENTITY -> SSLMode.REQUIRED;
        });
    super.setSslSocketFactory(new TlsSockets(tls, options.hostname()));
  }

  @Override
  public void setSSLMode(SSLMode mode) {
    // Set by the constructor; Debezium would set its own.
  }

  @Override
  public void setSslSocketFactory(SSLSocketFactory factory) {
    // Set by the constructor; Debezium's depends on what another connection negotiated.
  }

  @Override
  protected void setupConnection() throws IOException {
    super.setupConnection();
    if (channel.isSSL()) {
      PacketChannel buffered = new PacketChannel(new ChannelSocket(channel));
      buffered.authenticationComplete();
      channel = buffered;
    }
  }

  @Override
  protected void updateGtidSet(Event event) {
    // Only needed for reconnecting, which this client does not do; the set is kept elsewhere.
  }

  /** A channel in the shape of a socket, as the only constructor of a channel wants it. */
  private static final class ChannelSocket extends Socket {
    private final PacketChannel channel;

    ChannelSocket(PacketChannel channel) {
      this.channel = channel;
    }

    @Override
    public InputStream getInputStream() {
      return channel.getInputStream();
    }

    @Override
    public OutputStream getOutputStream() {
      return channel.getOutputStream();
    }

    @Override
    public boolean isClosed() {
      return !channel.isOpen();
    }

    @Override
    public void shutdownInput() {
      // Closing the channel does it.
    }

    @Override
    public void shutdownOutput() {
      // Closing the channel does it.
    }

    @Override
    public synchronized void close() throws IOException {
      channel.close();
    }
  }
}
