package io.firn.it.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.iceberg.exceptions.RuntimeIOException;
import org.apache.iceberg.hadoop.HadoopFileIO;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.PositionOutputStream;

/**
 * Iceberg's access to files on a disk that is full as long as a certain file exists: a few bytes of
 * each new file find a place, and no more.
 */
public final class FullDiskFileIO extends HadoopFileIO {
  /** System property with the file whose existence means that the disk is full. */
  public static final String MARK = "firn.it.full";

  private static final long serialVersionUID = 1L;
  private static final int LAST_BYTES = 100;

  @Override
  public OutputFile newOutputFile(String path) {
    return new FullOutputFile(super.newOutputFile(path));
  }

  private static boolean isFull() {
    String mark = System.getProperty(MARK);
    return mark != null && Files.exists(Path.of(mark));
  }

  private record FullOutputFile(OutputFile file) implements OutputFile {
    @Override
    public PositionOutputStream create() {
      return new FullStream(file.create());
    }

    @Override
    public PositionOutputStream createOrOverwrite() {
      return new FullStream(file.createOrOverwrite());
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

  private static final class FullStream extends PositionOutputStream {
    private final PositionOutputStream stream;

    FullStream(PositionOutputStream stream) {
      this.stream = stream;
    }

    private void take(int bytes) throws IOException {
      if (isFull() && stream.getPos() + bytes > LAST_BYTES) {
        // The file says that this happened.
        Files.writeString(Path.of(System.getProperty(MARK)), "reached");
        throw new IOException("No space left on device");
      }
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
      take(1);
      stream.write(value);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      take(length);
      stream.write(bytes, offset, length);
    }

    @Override
    public void flush() throws IOException {
      stream.flush();
    }

    @Override
    public void close() {
      try {
        stream.close();
      } catch (IOException e) {
        throw new RuntimeIOException(e, "Cannot close");
      }
    }
  }
}
