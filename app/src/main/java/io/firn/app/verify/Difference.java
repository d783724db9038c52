package io.firn.app.verify;

/**
 * One thing in which source and lake differ.
 *
 * @param key the row, such as {@code id=17}; empty if it is about the whole table
 * @param what what differs, in words for people, values cut and quoted
 */
record Difference(String key, String what) {
  @Override
  public String toString() {
    return key.isEmpty() ? what : key + ": " + what;
  }
}
