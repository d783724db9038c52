package io.firn.runtime.task;

import static io.firn.runtime.task.TaskFixtures.barrier;
import static io.firn.runtime.task.TaskFixtures.orders;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.model.error.RowException;
import io.firn.model.row.RowChange;
import io.firn.model.stream.ChangeBatch;
import io.firn.model.stream.SchemaChange;
import io.firn.model.stream.StreamElement;
import io.firn.model.transform.Transform;
import io.firn.runtime.channel.Channel;
import io.firn.runtime.channel.ChannelLimits;
import io.firn.runtime.schedule.Progress;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class TransformTaskTest {
  private final Channel input = new Channel(ChannelLimits.DEFAULT);
  private final Channel left = new Channel(new ChannelLimits(1, 100));
  private final Channel right = new Channel(new ChannelLimits(1, 100));

  private TransformTask task(Transform transform) {
    return new TransformTask(
        0, new OrderedInputs(List.of(input)), transform, new Outputs(List.of(left, right)));
  }

  @Test
  void everyOutputGetsOneBatchPerBatch() {
    TransformTask task = task(Transform.IDENTITY.create());
    input.offer(orders(1));
    assertThat(task.step()).isEqualTo(Progress.PROGRESSED);

    StreamElement one = left.poll();
    StreamElement other = right.poll();
    assertThat(((ChangeBatch) one).changes().size() + ((ChangeBatch) other).changes().size())
        .isEqualTo(1);
  }

  @Test
  void controlElementsGoToAllOutputs() {
    TransformTask task = task(Transform.IDENTITY.create());
    input.offer(barrier(1));
    task.step();

    assertThat(left.poll()).isEqualTo(barrier(1));
    assertThat(right.poll()).isEqualTo(barrier(1));
  }

  @Test
  void blockedWhileAnOutputIsFull() {
    TransformTask task = task(Transform.IDENTITY.create());
    input.offer(orders(1));
    input.offer(orders(2));
    input.offer(orders(3));
    task.step();
    task.step(); // both channels full, one batch waits in each output

    assertThat(task.step()).isEqualTo(Progress.BLOCKED);
    left.poll();
    assertThat(task.step()).as("the other is still full").isEqualTo(Progress.BLOCKED);
    right.poll();
    assertThat(task.step()).isEqualTo(Progress.PROGRESSED);
  }

  @Test
  void failingRowIsNamed() {
    TransformTask task =
        task(
            new Transform() {
              @Override
              public void apply(RowChange change, Consumer<RowChange> out) {
                if (change.after().get(0).equals(2L)) {
                  throw new RowException("column 'value': division by zero");
                }
              }

              @Override
              public List<SchemaChange> apply(SchemaChange change) {
                return List.of();
              }
            });
    input.offer(orders(1, 2, 3));

    assertThatThrownBy(task::step)
        .isInstanceOf(RowException.class)
        .hasMessageContaining("shop.orders")
        .hasMessageContaining("binlog.000001:2:0")
        .hasMessageContaining("column 'value'");
  }
}
