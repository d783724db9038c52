package io.firn.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.it.check.LakeCheck;
import io.firn.it.fault.Fault;
import io.firn.it.process.FirnProcess;
import io.firn.it.process.Pipeline;
import io.firn.testservers.DatabaseServer;
import io.firn.testservers.MariaDbServer;
import io.firn.testservers.MySqlServer;
import io.firn.testservers.TcpProxy;
import org.junit.jupiter.api.Test;

/** A replica with other binlog files takes the source's place; the lake does not notice. */
class FailoverTest {
  private static final int LIMIT_SECONDS = 180;
  private static final int MORE_FILES = 9;

  @Test
  void aRunAfterAFailoverGoesOnAtTheRightTransaction() throws Exception {
    try (DatabaseServer first = MySqlServer.start();
        DatabaseServer second = MySqlServer.start("--server-id=2", "--log-bin=other")) {
      runsOneAfterTheOther("failover", first, second);
    }
  }

  @Test
  void mariaDbToo() throws Exception {
    try (DatabaseServer first = MariaDbServer.start("--log-slave-updates");
        DatabaseServer second =
            MariaDbServer.start("--log-slave-updates", "--server-id=2", "--log-bin=other")) {
      runsOneAfterTheOther("failover-maria", first, second);
    }
  }

  private static void runsOneAfterTheOther(String name, DatabaseServer first, DatabaseServer second)
      throws Exception {
    for (int i = 0; i < MORE_FILES; i++) {
      first.execute("FLUSH BINARY LOGS");
    }
    second.follow(first);
    Source.Shop shop = Source.shop(name, 1_000, first);
    Pipeline before = shop.pipeline();
    String file = before.write().toString();
    FirnProcess.Options options = FirnProcess.Options.of(before);
    FirnProcess.start(options, "run", file, "--until-caught-up").expectExit(0, LIMIT_SECONDS);
    shop.workload().change(300);
    failOver(first, second, shop);
    shop.workload().change(300);
    Pipeline after = before.server(second);
    file = after.write().toString();
    FirnProcess.start(options, "run", file, "--until-caught-up").expectExit(0, LIMIT_SECONDS);
    LakeCheck.assertMirrors(after);
    FirnProcess.start(options, "verify", file).expectExit(0, LIMIT_SECONDS);
    // The new server's files are the usual ones from here on.
    shop.workload().change(100);
    FirnProcess.start(options, "run", file, "--until-caught-up").expectExit(0, LIMIT_SECONDS);
    LakeCheck.assertMirrors(after);
  }

  private static void failOver(DatabaseServer first, DatabaseServer second, Source.Shop shop) {
    second.awaitReplicated(first);
    first.stop();
    second.promote();
    Firn.reached(Fault.FAILED_OVER);
    shop.workload().moveTo(second);
  }

  /** A name or a load balancer leads to the new server; nobody restarts the pipeline. */
  @Test
  void aRunningPipelineFollowsByItself() throws Exception {
    try (DatabaseServer first = MySqlServer.start();
        DatabaseServer second = MySqlServer.start("--server-id=2", "--log-bin=other");
        TcpProxy proxy = TcpProxy.to(first)) {
      second.follow(first);
      Source.Shop shop = Source.shop("follow", 1_000, first);
      Pipeline pipeline = shop.pipeline().port(proxy.port());
      String file = pipeline.write().toString();
      FirnProcess.Options options = FirnProcess.Options.of(pipeline);
      Pipeline after = pipeline.server(second);
      try (FirnProcess run = FirnProcess.start(options, "run", file)) {
        assertThat(run.await(() -> LakeCheck.checkpoints(pipeline, "orders") >= 1, LIMIT_SECONDS))
            .as(run.output())
            .isTrue();
        shop.workload().change(300);
        proxy.redirect(second.port());
        failOver(first, second, shop);
        shop.workload().change(300);
        FirnProcess.start(options, "verify", file).expectExit(0, LIMIT_SECONDS);
        assertThat(run.isAlive()).as(run.output()).isTrue();
        run.terminate();
        run.expectExit(0, LIMIT_SECONDS);
      }
      LakeCheck.assertMirrors(after);
    }
  }
}
