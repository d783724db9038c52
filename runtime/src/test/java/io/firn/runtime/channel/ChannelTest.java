package io.firn.runtime.channel;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.model.row.Operation;
import io.firn.model.row.Row;
import io.firn.model.row.RowChange;
import io.firn.model.stream.Barrier;
import io.firn.model.stream.ChangeBatch;
import io.firn.model.stream.SourcePosition;
import io.firn.runtime.fake.FakeDatabase;
import java.util.Collections;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ChannelTest {
  private static ChangeBatch batch(int rows) {
    RowChange change =
        new RowChange(
            FakeDatabase.EVENTS_SCHEMA,
            Operation.INSERT,
            null,
            Row.of("x"),
            new RowChange.Meta(SourcePosition.snapshot(0), null, 0));
    return new ChangeBatch(Collections.nCopies(rows, change));
  }

  @Test
  void elementsLeaveInOrder() {
    Channel channel = new Channel(new ChannelLimits(8, 100));
    ChangeBatch first = batch(1);
    Barrier second = new Barrier(1, null);
    channel.offer(first);
    channel.offer(second);

    assertThat(channel.peek()).isSameAs(first);
    assertThat(channel.poll()).isSameAs(first);
    assertThat(channel.poll()).isSameAs(second);
    assertThat(channel.poll()).isNull();
  }

  @Test
  void offerIsRefusedWhenElementsAreMany() {
    Channel channel = new Channel(new ChannelLimits(3, 100));
    for (int i = 0; i < 3; i++) {
      assertThat(channel.offer(batch(1))).isTrue();
    }
    assertThat(channel.offer(batch(1))).isFalse();
    channel.poll();
    assertThat(channel.offer(batch(1))).isTrue();
  }

  @Test
  void offerIsRefusedWhenRowsAreMany() {
    Channel channel = new Channel(new ChannelLimits(100, 10));
    assertThat(channel.offer(batch(6))).isTrue();
    assertThat(channel.offer(batch(5))).isFalse();
    assertThat(channel.offer(batch(4))).isTrue();
    assertThat(channel.rowsInFlight()).isEqualTo(10);
    assertThat(channel.offer(new Barrier(1, null))).as("control elements have no rows").isTrue();
    channel.poll();
    assertThat(channel.rowsInFlight()).isEqualTo(4);
  }

  @Test
  void batchLargerThanTheLimitPassesAnEmptyChannel() {
    Channel channel = new Channel(new ChannelLimits(100, 10));
    assertThat(channel.offer(batch(50))).isTrue();
    assertThat(channel.offer(batch(1))).isFalse();
  }

  @Test
  void bothSidesAreWoken() {
    Channel channel = new Channel(new ChannelLimits(8, 10));
    AtomicInteger producer = new AtomicInteger();
    AtomicInteger consumer = new AtomicInteger();
    channel.wakeProducer(producer::incrementAndGet);
    channel.wakeConsumer(consumer::incrementAndGet);

    channel.offer(batch(1));
    assertThat(consumer).hasValue(1);
    channel.poll();
    assertThat(producer).hasValue(1);
    channel.poll();
    assertThat(producer).as("nothing was taken").hasValue(1);
  }
}
