package io.firn.dsl;

/**
 * Is told the values that references stand for, so that they can be kept out of what is printed.
 * Settings whose values are shown anyway, such as the host name, are not reported.
 */
public interface ReferenceListener {
  /** Ignores them. */
  ReferenceListener NONE = (path, value) -> {};

  /**
   * A reference was replaced.
   *
   * @param path path of the setting, such as {@code sink.catalog.properties.uri}
   * @param value what the reference stands for; the setting may have other text around it
   */
  void resolved(String path, String value);
}
