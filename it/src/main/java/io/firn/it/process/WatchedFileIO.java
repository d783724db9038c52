package io.firn.it.process;

import java.io.IOException;
import org.apache.iceberg.hadoop.HadoopFileIO;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.PositionOutputStream;

/** Iceberg's access to files, with somebody to ask before each step of writing one. */
abstract class WatchedFileIO extends HadoopFileIO {
  private static final long serialVersionUID = 1L;

  @Override
  public OutputFile newOutputFile(String path) {
    return new WatchedOutputFile(super.newOutputFile(path));
  }

  /** A file is about to be created. */
  void creating(String path) {}

  /**
   * Bytes are about to be written.
   *
   * @param end length of the file with them
   * @throws IOException if they must not be
   */
  void writing(long end) throws IOException {}

  /** A file is about to be completed. */
  void completing(String path) {}

  private final class WatchedOutputFile implements OutputFile {
    private final OutputFile file;

    WatchedOutputFile(OutputFile file) {
      this.file = file;
    }

    @Override
    public PositionOutputStream create() {
      creating(location());
      return new WatchedStream(file.create(), location());
    }

    @Override
    public PositionOutputStream createOrOverwrite() {
      creating(location());
      return new WatchedStream(file.createOrOverwrite(), location());
    }

    @Override
    public String location() {
      return file.location();
    }

    @Override
    public InputFile toInputFile() {
      return file.toInputFile();
    }
  }

  private final class WatchedStream extends PositionOutputStream {
    private final PositionOutputStream stream;
    private final String path;
    private boolean closed;

    WatchedStream(PositionOutputStream stream, String path) {
      this.stream = stream;
      this.path = path;
    }

    @Override
    public long getPos() throws IOException {
      return stream.getPos();
    }

    @Override
    public long storedLength() throws IOException {
      return stream.storedLength();
    }

    @Override
    public void write(int value) throws IOException {
      writing(stream.getPos() + 1);
      stream.write(value);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      writing(stream.getPos() + length);
      stream.write(bytes, offset, length);
    }

    @Override
    public void flush() throws IOException {
      stream.flush();
    }

    @Override
    public void close() throws IOException {
      if (!closed) {
        closed = true;
        completing(path);
      }
      stream.close();
    }
  }
}
