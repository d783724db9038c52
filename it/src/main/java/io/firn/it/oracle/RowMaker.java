package io.firn.it.oracle;

import java.math.BigDecimal;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.SplittableRandom;

/** Makes random, real-looking values; the same ones from the same seed. */
final class RowMaker {
  private static final LocalDateTime EPOCH = LocalDateTime.of(2025, 3, 1, 0, 0);
  private static final int DAYS = 10;
  private static final String[] STATES = {"new", "paid", "packed", "shipped", "returned", "über"};
  private static final String[] WORDS = {
    "left", "at", "the", "door", "ring", "twice", "fragile", "café", "naïve", "🚚", "雪", "O'Neil"
  };

  private final SplittableRandom random;

  RowMaker(SplittableRandom random) {
    this.random = random;
  }

  String status() {
    return STATES[random.nextInt(STATES.length)];
  }

  BigDecimal amount() {
    return BigDecimal.valueOf(random.nextLong(-1_000, 10_000_000), 2);
  }

  String note() {
    if (random.nextInt(8) == 0) {
      return null;
    }
    StringBuilder text = new StringBuilder();
    for (int words = random.nextInt(7); words > 0; words--) {
      text.append(WORDS[random.nextInt(WORDS.length)]).append(' ');
    }
    return text.toString();
  }

  LocalDateTime time() {
    return EPOCH.plus(random.nextLong(DAYS * 86_400_000_000L), ChronoUnit.MICROS);
  }

  /** Binds {@code (id, customer_id, status, amount, qty, note, created_at, updated_at)}. */
  void bindOrder(PreparedStatement statement, long id) throws SQLException {
    statement.setLong(1, id);
    statement.setInt(2, random.nextInt(1, 100_000));
    statement.setString(3, status());
    statement.setBigDecimal(4, amount());
    statement.setObject(5, random.nextInt(10) == 0 ? null : random.nextInt(-5, 500));
    statement.setString(6, note());
    statement.setString(7, text(time()));
    statement.setString(8, text(time()));
  }

  /** Binds {@code (order_id, line_no, product, quantity, price, discount)}. */
  void bindLine(PreparedStatement statement, long order, int line) throws SQLException {
    statement.setLong(1, order);
    statement.setInt(2, line);
    statement.setString(3, "product-" + random.nextInt(5_000));
    statement.setLong(4, random.nextInt(20) == 0 ? 4_294_967_295L : random.nextInt(1, 100));
    statement.setBigDecimal(
        5, random.nextInt(10) == 0 ? null : BigDecimal.valueOf(random.nextLong(99_999_999), 4));
    statement.setObject(6, random.nextInt(3) == 0 ? null : random.nextInt(1_000) / 8.0);
  }

  /** Binds {@code (event_no, actor, at, day, detail, payload)}. */
  void bindEvent(PreparedStatement statement, long event) throws SQLException {
    LocalDateTime time = time().truncatedTo(ChronoUnit.MILLIS);
    byte[] payload = new byte[random.nextInt(16)];
    random.nextBytes(payload);
    statement.setLong(1, event);
    statement.setString(2, random.nextInt(9) == 0 ? null : "actor-" + random.nextInt(50));
    statement.setString(3, text(time));
    statement.setString(4, time.toLocalDate().toString());
    statement.setString(5, note());
    statement.setBytes(6, random.nextInt(4) == 0 ? null : payload);
  }

  /** As text, so that no driver converts between time zones. */
  private static String text(LocalDateTime time) {
    return time.toString().replace('T', ' ');
  }
}
