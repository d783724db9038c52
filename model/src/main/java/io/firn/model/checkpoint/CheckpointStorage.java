package io.firn.model.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;

/**
 * Named objects in the directory of one pipeline, on a file system or an object store. Names are
 * relative, with {@code /} between the parts.
 *
 * <p><b>Threading</b>: thread-safe.
 */
public interface CheckpointStorage extends AutoCloseable {

  /**
   * Makes an object with this content appear under its name, whole or not at all, and durable when
   * the call returns. An existing object is replaced.
   */
  void publish(String name, byte[] content) throws IOException;

  /**
   * Like {@link #publish}, but only if no object has the name.
   *
   * @return false if there was one already
   */
  boolean publishIfAbsent(String name, byte[] content) throws IOException;

  /**
   * Copies a local file under the name; durable when the call returns. May link instead of copying:
   * the local file must never change afterwards.
   */
  void store(Path localFile, String name) throws IOException;

  /** Copies (or links) an object to a local file that does not exist yet. */
  void fetch(String name, Path localFile) throws IOException;

  /**
   * Opens an object.
   *
   * @throws java.nio.file.NoSuchFileException if there is none
   */
  InputStream open(String name) throws IOException;

  /** Names of all objects whose name starts with {@code prefix}, in no particular order. */
  List<String> list(String prefix) throws IOException;

  /** Removes an object; does nothing if there is none. */
  void delete(String name) throws IOException;

  /** Where this is, for messages; without secrets. */
  String location();

  @Override
  void close() throws IOException;
}
