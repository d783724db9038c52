package io.firn.runtime.task;

import static io.firn.runtime.task.TaskFixtures.create;
import static io.firn.runtime.task.TaskFixtures.orders;
import static io.firn.runtime.task.TaskFixtures.position;
import static io.firn.runtime.task.TaskFixtures.state;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.model.schema.TableId;
import io.firn.model.source.SourceReader.Batch;
import io.firn.model.source.SourceState;
import io.firn.model.stream.Barrier;
import io.firn.model.stream.SourcePosition;
import io.firn.model.stream.StreamElement;
import io.firn.runtime.channel.Channel;
import io.firn.runtime.channel.ChannelLimits;
import io.firn.runtime.checkpoint.CheckpointRequest;
import io.firn.runtime.checkpoint.CheckpointRequests;
import io.firn.runtime.checkpoint.CheckpointTrigger;
import io.firn.runtime.schedule.Progress;
import io.firn.runtime.task.TaskFixtures.Reports;
import io.firn.runtime.task.TaskFixtures.ScriptedReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SourceTaskTest {
  private final ScriptedReader reader = new ScriptedReader();
  private final Reports reports = new Reports();
  private final CheckpointTrigger trigger = new CheckpointTrigger();
  private final List<String> read = new ArrayList<>();
  private Channel channel = new Channel(ChannelLimits.DEFAULT);

  private SourceTask task(
      Optional<SourceState> start, Optional<SourcePosition> hold, Optional<SourcePosition> end) {
    Outputs outputs = new Outputs(List.of(channel));
    return new SourceTask(
        reader,
        start,
        hold,
        end,
        new KeyedDistribution(outputs, 10),
        outputs,
        trigger,
        reports,
        new ReadListener() {
          @Override
          public void onRowsRead(
              TableId table, int reads, int inserts, int updates, int deletes, long timestamp) {
            read.add(table + " " + reads + "/" + inserts + "/" + updates + "/" + deletes);
          }
        });
  }

  private SourceTask task() {
    return task(Optional.empty(), Optional.empty(), Optional.empty());
  }

  private void request(long id, boolean last) {
    CheckpointRequests.request(trigger, new CheckpointRequest(id, last));
  }

  private static void steps(SourceTask task, int count) {
    for (int i = 0; i < count; i++) {
      task.step();
    }
  }

  private List<StreamElement> received() {
    List<StreamElement> elements = new ArrayList<>();
    for (StreamElement e = channel.poll(); e != null; e = channel.poll()) {
      elements.add(e);
    }
    return elements;
  }

  @Test
  void barrierStandsAtTheNextBoundaryOnly() {
    reader.batches.add(new Batch(List.of(orders(1)), null));
    reader.batches.add(new Batch(List.of(orders(2)), state(2)));
    reader.batches.add(new Batch(List.of(orders(3)), state(3)));
    SourceTask task = task();
    request(1, false);
    steps(task, 6);

    List<StreamElement> elements = received();
    assertThat(elements).hasSize(4);
    assertThat(elements.get(2)).isEqualTo(new Barrier(1, state(2)));
    assertThat(reports.heard).containsExactly("barrier 1 after 2");
    assertThat(reader.asked).startsWith(true, true, false);
  }

  @Test
  void boundaryStaysValidWhileNothingIsRead() {
    reader.batches.add(new Batch(List.of(orders(1)), state(1)));
    SourceTask task = task();
    steps(task, 4);
    request(1, false);
    steps(task, 1);

    assertThat(reports.heard).containsExactly("barrier 1 after 1");
  }

  @Test
  void checkpointIsDeclinedWhenNothingHappened() {
    reader.batches.add(new Batch(List.of(orders(1)), state(1)));
    SourceTask task = task();
    steps(task, 2);
    request(1, false);
    steps(task, 1);
    request(2, false);
    steps(task, 1);
    reader.batches.add(new Batch(List.of(), state(5)));
    steps(task, 1);
    request(2, false);
    steps(task, 1);

    assertThat(reports.heard)
        .containsExactly("barrier 1 after 1", "declined 2", "barrier 2 after 0");
  }

  @Test
  void fullOutputStopsReading() {
    channel = new Channel(new ChannelLimits(1, 100));
    reader.batches.add(new Batch(List.of(orders(1), orders(2)), state(2)));
    reader.batches.add(new Batch(List.of(orders(3)), state(3)));
    SourceTask task = task();
    steps(task, 2);
    int polls = reader.asked.size();

    assertThat(task.step()).isEqualTo(Progress.BLOCKED);
    assertThat(task.step()).isEqualTo(Progress.BLOCKED);
    assertThat(reader.asked).hasSize(polls);
    channel.poll();
    assertThat(task.step()).as("the second batch went out, now it reads").isNotNull();
    assertThat(reader.asked).hasSize(polls + 1);
  }

  @Test
  void endPositionStopsReadingAndAsksForTheLastCheckpoint() {
    reader.batches.add(new Batch(List.of(orders(1)), state(5)));
    reader.batches.add(new Batch(List.of(orders(2)), state(10)));
    reader.batches.add(new Batch(List.of(orders(3)), state(11)));
    SourceTask task = task(Optional.empty(), Optional.empty(), Optional.of(position(10)));
    steps(task, 10);

    assertThat(reports.heard).containsExactly("caught up");
    assertThat(reader.batches).as("nothing more is read").hasSize(1);
    request(1, true);
    steps(task, 1);
    assertThat(reports.heard).containsExactly("caught up", "barrier 1 after 2");
    assertThat(task.step()).isEqualTo(Progress.DONE);
  }

  @Test
  void startAtTheEndReadsNothing() {
    SourceTask task = task(Optional.of(state(10)), Optional.empty(), Optional.of(position(10)));
    steps(task, 2);
    request(4, true);
    steps(task, 1);

    assertThat(reader.opened).isFalse();
    assertThat(reports.heard).containsExactly("caught up", "declined 4");
  }

  private static SourceState on(String server, String file, long offset, int transactions) {
    String gtids = "3e11fa47-71ca-11e1-9e33-c80aa9429562:1-" + transactions;
    return new SourceState(
        new SourcePosition(false, file, offset, 0, gtids, server), true, "", Map.of());
  }

  /** The new server's files have lower numbers; only its transactions say how far it is. */
  @Test
  void afterAFailoverTheEndIsReachedWithItsTransactions() {
    reader.batches.add(new Batch(List.of(orders(1)), on("b", "other.000001", 400, 11)));
    reader.batches.add(new Batch(List.of(orders(2)), on("b", "other.000001", 500, 12)));
    SourceState start = on("a", "binlog.000009", 900, 10);
    SourceState end = on("b", "other.000001", 500, 12);
    SourceTask task = task(Optional.of(start), Optional.empty(), Optional.of(end.position()));
    steps(task, 10);

    assertThat(reader.batches).isEmpty();
    assertThat(reports.heard).containsExactly("caught up");
  }

  /** The reader finds out whether the other server has everything that was read. */
  @Test
  void afterAFailoverTheReaderIsOpenedEvenIfThereIsNothingToRead() {
    reader.batches.add(new Batch(List.of(), on("b", "other.000001", 500, 10)));
    SourceState start = on("a", "binlog.000009", 900, 10);
    SourceState end = on("b", "other.000001", 500, 10);
    SourceTask task = task(Optional.of(start), Optional.empty(), Optional.of(end.position()));
    steps(task, 10);

    assertThat(reader.opened).isTrue();
    assertThat(reports.heard).containsExactly("caught up");
  }

  @Test
  void noBarrierStandsBeforeThePlaceToReach() {
    reader.batches.add(new Batch(List.of(orders(1)), state(5)));
    reader.batches.add(new Batch(List.of(orders(2)), state(10)));
    SourceTask task =
        task(Optional.of(state(1)), Optional.of(position(10)), Optional.of(position(3)));
    request(1, false);
    steps(task, 2);
    assertThat(reports.heard).isEmpty();
    steps(task, 2);

    assertThat(reports.heard).containsExactly("caught up");
    steps(task, 1);
    assertThat(reports.heard).containsExactly("caught up", "barrier 1 after 2");
  }

  @Test
  void schemaChangeKeepsItsPlaceBetweenRows() {
    Channel left = new Channel(ChannelLimits.DEFAULT);
    Channel right = new Channel(ChannelLimits.DEFAULT);
    Outputs outputs = new Outputs(List.of(left, right));
    SourceTask task =
        new SourceTask(
            reader,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            new KeyedDistribution(outputs, 1000),
            outputs,
            trigger,
            reports,
            new ReadListener() {});
    reader.batches.add(
        new Batch(List.of(orders(1, 2, 3, 4, 5), create(), orders(6, 7, 8, 9)), state(9)));
    steps(task, 3);

    for (Channel side : List.of(left, right)) {
      assertThat(side.poll()).isInstanceOf(io.firn.model.stream.ChangeBatch.class);
      assertThat(side.poll()).isEqualTo(create());
      assertThat(side.poll()).isInstanceOf(io.firn.model.stream.ChangeBatch.class);
      assertThat(side.poll()).isNull();
    }
  }

  @Test
  void rowsAreCountedByTableAndOperation() {
    reader.batches.add(new Batch(List.of(orders(1, 2, 3)), state(1)));
    steps(task(), 2);

    assertThat(read).containsExactly("shop.orders 0/3/0/0");
  }

  @Test
  void readerMustNotSendBarriers() {
    reader.batches.add(new Batch(List.of(TaskFixtures.barrier(1)), state(1)));
    SourceTask task = task();
    task.step();

    assertThatThrownBy(task::step).isInstanceOf(IllegalStateException.class);
  }
}
