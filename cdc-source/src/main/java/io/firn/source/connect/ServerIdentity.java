package io.firn.source.connect;

import java.util.Objects;

/**
 * Tells a server from others, of which it may be a replica.
 *
 * @param text the server's UUID, or what comes closest to one
 * @param number its {@code server_id}
 */
public record ServerIdentity(String text, long number) {
  /** Checks the text. */
  public ServerIdentity {
    Objects.requireNonNull(text, "text");
  }
}
