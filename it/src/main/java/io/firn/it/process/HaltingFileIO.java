package io.firn.it.process;

import java.io.IOException;
import org.apache.iceberg.hadoop.HadoopFileIO;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.PositionOutputStream;

/**
 * Iceberg's access to files, counting the creation, the completion and the removal of each.
 *
 * @see HaltCounter
 */
public final class HaltingFileIO extends HadoopFileIO {
  private static final long serialVersionUID = 1L;

  @Override
  public OutputFile newOutputFile(String path) {
    return new HaltingOutputFile(super.newOutputFile(path));
  }

  @Override
  public void deleteFile(String path) {
    HaltCounter.tick("delete " + shortName(path));
    super.deleteFile(path);
  }

  @Override
  public void deleteFiles(Iterable<String> paths) {
    paths.forEach(this::deleteFile);
  }

  @Override
  public void deletePrefix(String prefix) {
    HaltCounter.tick("delete prefix " + shortName(prefix));
    super.deletePrefix(prefix);
  }

  private static String shortName(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private record HaltingOutputFile(OutputFile file) implements OutputFile {
    @Override
    public PositionOutputStream create() {
      HaltCounter.tick("create " + shortName(location()));
      return new HaltingStream(file.create(), shortName(location()));
    }

    @Override
    public PositionOutputStream createOrOverwrite() {
      HaltCounter.tick("create " + shortName(location()));
      return new HaltingStream(file.createOrOverwrite(), shortName(location()));
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

  private static final class HaltingStream extends PositionOutputStream {
    private final PositionOutputStream stream;
    private final String name;
    private boolean closed;

    HaltingStream(PositionOutputStream stream, String name) {
      this.stream = stream;
      this.name = name;
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
      stream.write(value);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
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
        HaltCounter.tick("complete " + name);
      }
      stream.close();
    }
  }
}
