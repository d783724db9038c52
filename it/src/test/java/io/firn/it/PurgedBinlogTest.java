package io.firn.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.it.fault.Fault;
import io.firn.it.process.FirnProcess;
import io.firn.it.process.Pipeline;
import io.firn.testservers.MySqlServer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PurgedBinlogTest {
  private static final int LIMIT_SECONDS = 120;

  @ParameterizedTest
  @ValueSource(strings = {"ON", "OFF"})
  void aGapInTheBinlogIsNamedAndNeverSkipped(String gtidMode) throws Exception {
    try (MySqlServer server =
        MySqlServer.start("--gtid-mode=" + gtidMode, "--enforce-gtid-consistency=" + gtidMode)) {
      Source.Shop shop = Source.shop("purged", 500, server);
      Pipeline pipeline = shop.pipeline();
      String file = pipeline.write().toString();
      FirnProcess.Options options = FirnProcess.Options.of(pipeline);
      FirnProcess.start(options, "run", file, "--until-caught-up").expectExit(0, LIMIT_SECONDS);

      String missing = server.currentBinlog();
      shop.workload().change(200);
      server.purgeBinlogs();
      Firn.reached(Fault.BINLOG_PURGED);
      shop.workload().change(200);
      FirnProcess run = FirnProcess.start(options, "run", file, "--until-caught-up");
      assertThat(run.waitFor(LIMIT_SECONDS)).as(run.output()).isEqualTo(1);
      assertThat(run.output()).contains(missing).containsIgnoringCase("binlog");
    }
  }
}
