package io.firn.runtime.state;

import java.util.regex.Pattern;

/**
 * A file of a task's state as it lies in the checkpoint storage. Never changes once stored.
 *
 * @param localName its name in the local directory of the state store
 * @param objectName its name in the checkpoint storage
 * @param sizeBytes its length
 * @param crc32c its checksum (Castagnoli), by which damage is noticed before the store opens it
 */
public record StateFile(String localName, String objectName, long sizeBytes, int crc32c) {
  private static final Pattern LOCAL_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");

  /** Checks that the local name stays inside its directory. */
  public StateFile {
    if (!LOCAL_NAME.matcher(localName).matches() || sizeBytes < 0) {
      throw new IllegalArgumentException("Bad state file '" + localName + "', " + sizeBytes + " B");
    }
  }
}
