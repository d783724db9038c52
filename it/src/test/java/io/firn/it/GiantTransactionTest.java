package io.firn.it;

import io.firn.it.check.LakeCheck;
import io.firn.it.fault.Fault;
import io.firn.it.process.FirnProcess;
import io.firn.it.process.Pipeline;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** One transaction with more rows than fit into memory; how many by {@code firn.it.giant}. */
@Tag("slow")
class GiantTransactionTest {
  private static final int CHANGES = Integer.getInteger("firn.it.giant", 300_000);

  @Test
  void oneTransactionOfAnySizeFitsIntoAHeapOf512Megabytes() throws Exception {
    Source.Shop shop = Source.shop("giant", 500);
    Pipeline pipeline = shop.pipeline();
    Firn.catchUp(pipeline);
    shop.workload().giantTransaction(CHANGES);
    FirnProcess.start(
            FirnProcess.Options.of(pipeline).property(FirnProcess.HEAP, "512m"),
            "run",
            pipeline.write().toString(),
            "--until-caught-up")
        .expectExit(0, Firn.LIMIT_SECONDS + CHANGES / 5_000);
    Firn.reached(Fault.GIANT_TRANSACTION);
    LakeCheck.assertMirrors(pipeline);
  }
}
