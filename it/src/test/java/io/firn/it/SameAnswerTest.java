package io.firn.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.it.check.LakeCheck;
import io.firn.it.fault.Fault;
import io.firn.it.process.FirnProcess;
import io.firn.it.process.Pipeline;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SameAnswerTest {
  private static final int LIMIT_SECONDS = 180;

  @Test
  void parallelismChangesNothingInTheTables() throws Exception {
    Source.Shop shop = Source.shop("same", 12_000);
    List<Pipeline> pipelines = new ArrayList<>();
    for (String parallelism : List.of("1", "2", "8")) {
      String name = shop.pipeline().name() + "_p" + parallelism;
      pipelines.add(
          Pipeline.of(
                  name,
                  shop.pipeline().server(),
                  shop.pipeline().database(),
                  Source.directory(name))
              .setting("parallelism", parallelism));
    }
    pipelines.forEach(SameAnswerTest::run);
    shop.workload().change(3_000);
    shop.workload().addColumn();
    shop.workload().change(1_000);
    List<Map<String, String>> answers = new ArrayList<>();
    for (Pipeline pipeline : pipelines) {
      run(pipeline);
      answers.add(LakeCheck.assertMirrors(pipeline).hashes());
    }
    assertThat(answers.get(1)).isEqualTo(answers.get(0));
    assertThat(answers.get(2)).isEqualTo(answers.get(0));
  }

  @Test
  void parallelismMayChangeBetweenRuns() throws Exception {
    Source.Shop shop = Source.shop("rescale", 6_000);
    for (String parallelism : List.of("1", "8", "2")) {
      run(shop.pipeline().setting("parallelism", parallelism));
      shop.workload().change(1_500);
    }
    run(shop.pipeline().setting("parallelism", "1"));
    Firn.reached(Fault.RESCALED);
    LakeCheck.assertMirrors(shop.pipeline());
  }

  private static void run(Pipeline pipeline) {
    FirnProcess.start(
            FirnProcess.Options.of(pipeline),
            "run",
            pipeline.write().toString(),
            "--until-caught-up")
        .expectExit(0, LIMIT_SECONDS);
  }
}
