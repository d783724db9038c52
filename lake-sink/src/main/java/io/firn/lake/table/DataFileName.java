package io.firn.lake.table;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Name of a data file or delete file of ours: {@code firn-<pipeline
 * hash>-<epoch>-<checkpoint>-<subtask>-<file id>.parquet}, numbers in decimal; files that
 * compaction wrote have {@code compact} for the subtask and the newest checkpoint that they
 * contain. Any leftover can thereby be attributed to the pipeline and to what wrote it.
 *
 * @param pipelineHash eight hex digits that stand for the pipeline's id
 * @param epoch the life of the pipeline
 * @param checkpointId the checkpoint the file belongs to
 * @param subtask the task that wrote it, or {@link #COMPACTION}
 * @param fileId the file's number in its table
 */
public record DataFileName(
    String pipelineHash, long epoch, long checkpointId, int subtask, long fileId) {
  /** Stands for compaction where a file's task is named. */
  public static final int COMPACTION = -1;

  private static final String COMPACTION_TEXT = "compact";
  private static final Pattern FORM =
      Pattern.compile(
          "firn-([0-9a-f]{8})-(\\d{1,18})-(\\d{1,18})-(\\d{1,9}|"
              + COMPACTION_TEXT
              + ")-(\\d{1,18})(?:\\.\\w+)+");

  /** The hash of a pipeline's id, as it stands in file names. */
  public static String hashOf(String pipelineId) {
    java.util.zip.CRC32C crc = new java.util.zip.CRC32C();
    crc.update(pipelineId.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    return String.format("%08x", crc.getValue());
  }

  /**
   * The name, with an extension such as {@code parquet}, {@code puffin} or {@code deletes.parquet}.
   */
  public String format(String extension) {
    return "firn-"
        + String.join(
            "-",
            pipelineHash,
            Long.toString(epoch),
            Long.toString(checkpointId),
            subtask == COMPACTION ? COMPACTION_TEXT : Integer.toString(subtask),
            Long.toString(fileId))
        + "."
        + extension;
  }

  /** Reads the name from a file's location; empty if the file is not of this form. */
  public static Optional<DataFileName> parse(String location) {
    Matcher matcher = FORM.matcher(location.substring(location.lastIndexOf('/') + 1));
    if (!matcher.matches()) {
      return Optional.empty();
    }
    return Optional.of(
        new DataFileName(
            matcher.group(1),
            Long.parseLong(matcher.group(2)),
            Long.parseLong(matcher.group(3)),
            matcher.group(4).equals(COMPACTION_TEXT)
                ? COMPACTION
                : Integer.parseInt(matcher.group(4)),
            Long.parseLong(matcher.group(5))));
  }
}
