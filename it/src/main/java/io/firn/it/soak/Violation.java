package io.firn.it.soak;

/** A promise that was broken; ends the soak. */
final class Violation extends RuntimeException {
  private static final long serialVersionUID = 1L;

  Violation(String message) {
    super(message);
  }
}
