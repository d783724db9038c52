package io.firn.simulation.lake;

import io.firn.simulation.fault.Fault;
import io.firn.simulation.fault.Faults;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import org.apache.iceberg.exceptions.AlreadyExistsException;
import org.apache.iceberg.exceptions.NotFoundException;
import org.apache.iceberg.exceptions.RuntimeIOException;
import org.apache.iceberg.inmemory.InMemoryInputFile;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.FileInfo;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.PositionOutputStream;
import org.apache.iceberg.io.SeekableInputStream;
import org.apache.iceberg.io.SupportsPrefixOperations;

/** One process's access to the {@link ObjectStore}. */
public final class SimulatedFileIO implements FileIO, SupportsPrefixOperations {
  private static final long serialVersionUID = 1L;

  private final transient ObjectStore store;
  private final transient Faults faults;
  private final String who;

  /**
   * @param who the process
   * @param faults what goes wrong for it
   */
  public SimulatedFileIO(String who, ObjectStore store, Faults faults) {
    this.who = who;
    this.store = store;
    this.faults = faults;
  }

  @Override
  public Map<String, String> properties() {
    return Map.of();
  }

  @Override
  public InputFile newInputFile(String location) {
    return new Input(location);
  }

  @Override
  public OutputFile newOutputFile(String location) {
    return new Output(location);
  }

  @Override
  public void deleteFile(String location) {
    String what = "delete " + location;
    faults.operation(what);
    if (faults.strikes(Fault.STORE_DELETE_ERROR)) {
      throw new RuntimeIOException("503 from the object store: %s", what);
    }
    store.delete(who, location);
    faults.done(what);
  }

  @Override
  public Iterable<FileInfo> listPrefix(String prefix) {
    String what = "list " + prefix;
    faults.operation(what);
    if (faults.strikes(Fault.STORE_READ_ERROR)) {
      throw new RuntimeIOException("503 from the object store: %s", what);
    }
    return store.list(prefix);
  }

  @Override
  public void deletePrefix(String prefix) {
    throw new UnsupportedOperationException("deletePrefix");
  }

  private final class Input implements InputFile {
    private final String location;

    Input(String location) {
      this.location = location;
    }

    private byte[] content() {
      byte[] content = store.get(location);
      if (content == null) {
        throw new NotFoundException("There is no file %s", location);
      }
      return content;
    }

    @Override
    public long getLength() {
      return content().length;
    }

    @Override
    public SeekableInputStream newStream() {
      faults.operation("read " + location);
      faults.slow(Fault.STORE_SLOW);
      if (faults.strikes(Fault.STORE_READ_ERROR)) {
        throw new RuntimeIOException("503 from the object store: read %s", location);
      }
      return new InMemoryInputFile(location, content()).newStream();
    }

    @Override
    public String location() {
      return location;
    }

    @Override
    public boolean exists() {
      faults.operation("look for " + location);
      return store.get(location) != null;
    }
  }

  private final class Output implements OutputFile {
    private final String location;

    Output(String location) {
      this.location = location;
    }

    @Override
    public PositionOutputStream create() {
      if (store.get(location) != null) {
        throw new AlreadyExistsException("There is a file %s", location);
      }
      return createOrOverwrite();
    }

    @Override
    public PositionOutputStream createOrOverwrite() {
      faults.operation("create " + location);
      return new Upload(location);
    }

    @Override
    public String location() {
      return location;
    }

    @Override
    public InputFile toInputFile() {
      return new Input(location);
    }
  }

  /** An object appears when its upload is complete. */
  private final class Upload extends PositionOutputStream {
    private final String location;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private boolean closed;

    Upload(String location) {
      this.location = location;
    }

    @Override
    public long getPos() {
      return bytes.size();
    }

    @Override
    public void write(int b) {
      bytes.write(b);
    }

    @Override
    public void write(byte[] source, int offset, int length) {
      bytes.write(source, offset, length);
    }

    @Override
    public void close() throws IOException {
      if (closed) {
        return;
      }
      closed = true;
      String what = "put " + location;
      faults.operation(what);
      faults.slow(Fault.STORE_SLOW);
      if (faults.strikes(Fault.STORE_WRITE_ERROR)) {
        throw new IOException("503 from the object store: " + what);
      }
      store.put(location, bytes.toByteArray());
      if (faults.strikes(Fault.STORE_WRITE_LANDED)) {
        throw new UncheckedIOException(new IOException("Connection reset: " + what));
      }
      faults.done(what);
    }
  }
}
