package io.firn.runtime.checkpoint;

/** Do not use the manifest: its bytes are not what was published. */
final class DamagedManifestException extends Exception {
  private static final long serialVersionUID = 1L;

  DamagedManifestException(String message) {
    super(message);
  }

  DamagedManifestException(String message, Throwable cause) {
    super(message, cause);
  }
}
