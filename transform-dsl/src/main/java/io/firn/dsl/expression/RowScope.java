package io.firn.dsl.expression;

import io.firn.model.row.Row;
import io.firn.model.schema.TableId;

/**
 * What an expression sees: one row image and the change it belongs to. Reused from row to row.
 *
 * <p><b>Threading</b>: used by one thread.
 */
public final class RowScope {
  private Row row;
  private TableId table;
  private String eventType;
  private long commitTimestampMicros;
  private long nowMicros;

  /** Sets the change; the same for both of its images. */
  public void setChange(TableId changed, long commitMicros, long currentMicros) {
    this.table = changed;
    this.commitTimestampMicros = commitMicros;
    this.nowMicros = currentMicros;
  }

  /**
   * Sets the row image.
   *
   * @param image the values
   * @param type {@code +I}, {@code -U}, {@code +U} or {@code -D}
   */
  public void setImage(Row image, String type) {
    this.row = image;
    this.eventType = type;
  }

  /** A value of the row. */
  public Object value(int index) {
    return row.get(index);
  }

  /** The source table. */
  public TableId table() {
    return table;
  }

  /** What happened to this image: {@code +I}, {@code -U}, {@code +U} or {@code -D}. */
  public String eventType() {
    return eventType;
  }

  /** When the source logged the change; 0 while a table is read. */
  public long commitTimestampMicros() {
    return commitTimestampMicros;
  }

  /** The current time as expressions see it: one value per change. */
  public long nowMicros() {
    return nowMicros;
  }
}
