package io.firn.testservers;

import java.util.Locale;

/** Where servers come from: property {@code firn.servers} or environment {@code FIRN_SERVERS}. */
public enum ServerMode {
  /** Containers only. */
  DOCKER,
  /** Local processes only. */
  LOCAL,
  /** Containers where a Docker engine answers, local processes otherwise. */
  AUTO;

  /**
   * The mode asked for; {@link #AUTO} if none is.
   *
   * @throws ServerException for an unknown name
   */
  public static ServerMode configured() {
    String environment = System.getenv("FIRN_SERVERS");
    String value = System.getProperty("firn.servers", environment == null ? "auto" : environment);
    try {
      return valueOf(value.trim().toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new ServerException(
          "Unknown server mode '" + value + "'; set firn.servers to docker, local or auto.", e);
    }
  }
}
