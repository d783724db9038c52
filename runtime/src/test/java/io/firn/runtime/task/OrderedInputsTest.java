package io.firn.runtime.task;

import static io.firn.runtime.task.TaskFixtures.barrier;
import static io.firn.runtime.task.TaskFixtures.create;
import static io.firn.runtime.task.TaskFixtures.orders;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.firn.model.stream.Barrier;
import io.firn.model.stream.ChangeBatch;
import io.firn.runtime.channel.Channel;
import io.firn.runtime.channel.ChannelLimits;
import java.util.List;
import org.junit.jupiter.api.Test;

class OrderedInputsTest {
  private final Channel first = new Channel(ChannelLimits.DEFAULT);
  private final Channel second = new Channel(ChannelLimits.DEFAULT);
  private final OrderedInputs inputs = new OrderedInputs(List.of(first, second));

  @Test
  void batchesComeInTurnWhateverArrivesFirst() {
    ChangeBatch a = orders(1);
    ChangeBatch b = orders(2);
    ChangeBatch c = orders(3);
    second.offer(b);
    assertThat(inputs.poll()).as("it is the first input's turn").isNull();
    first.offer(a);
    first.offer(c);

    assertThat(inputs.poll()).isSameAs(a);
    assertThat(inputs.poll()).isSameAs(b);
    assertThat(inputs.poll()).isSameAs(c);
  }

  @Test
  void turnWithoutRowsIsPassedOver() {
    ChangeBatch b = orders(2);
    first.offer(OrderedInputs.NOTHING);
    second.offer(b);

    assertThat(inputs.poll()).isSameAs(b);
  }

  @Test
  void barrierWaitsForSlowInput() {
    first.offer(orders(1));
    second.offer(barrier(1)); // dealt after one batch: the second input is next
    assertThat(inputs.poll()).isInstanceOf(ChangeBatch.class);
    assertThat(inputs.poll()).isNull();

    first.offer(barrier(1));

    assertThat(inputs.poll()).isInstanceOf(Barrier.class);
    assertThat(inputs.poll()).as("once only").isNull();
  }

  @Test
  void rowsBehindABarrierWaitForIt() {
    first.offer(barrier(1));
    first.offer(orders(7));
    assertThat(inputs.poll()).isNull();

    second.offer(barrier(1));
    assertThat(inputs.poll()).isInstanceOf(Barrier.class);
    assertThat(inputs.poll()).isInstanceOf(ChangeBatch.class);
  }

  @Test
  void schemaChangeIsDeliveredOnceAfterAllInputsSentIt() {
    first.offer(create());
    assertThat(inputs.poll()).isNull();
    second.offer(create());

    assertThat(inputs.poll()).isEqualTo(create());
    assertThat(inputs.poll()).isNull();
  }

  @Test
  void inputsThatDisagreeAreAnError() {
    first.offer(barrier(1));
    second.offer(orders(1));

    assertThatThrownBy(inputs::poll)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("rows")
        .hasMessageContaining("barrier 1");
  }

  @Test
  void differentBarriersAreAnError() {
    first.offer(barrier(1));
    second.offer(barrier(2));

    assertThatThrownBy(inputs::poll).isInstanceOf(IllegalStateException.class);
  }
}
