package io.firn.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.firn.it.check.LakeCheck;
import io.firn.it.fault.Fault;
import io.firn.it.oracle.BackgroundLoad;
import io.firn.it.process.FirnProcess;
import io.firn.it.process.Pipeline;
import io.firn.testservers.ServerException;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Tables change while they are mirrored, and the process is killed somewhere around it. */
@Tag("slow")
class DdlBetweenKillsTest {
  private static final int ROUNDS = 3;

  @Test
  void whatCannotBeFollowedStopsUntilTheTableIsExcluded() throws Exception {
    Source.Shop shop = Source.shop("unsupported", 500);
    Pipeline pipeline = shop.pipeline();
    Firn.catchUp(pipeline);
    shop.workload().change(200);
    Source.server()
        .execute(
            "ALTER TABLE "
                + pipeline.database()
                + ".order_lines DROP PRIMARY KEY, ADD PRIMARY KEY (line_no, order_id)");
    assertThat(Firn.fail(pipeline, 1))
        .contains("order_lines")
        .contains("from [order_id, line_no] to [line_no, order_id]")
        .contains("exclude the table");
    Firn.reached(Fault.DDL_UNSUPPORTED);
    // What the message says.
    String without =
        pipeline
            .yaml()
            .replace(
                "tables: " + pipeline.database() + ".\\.*",
                "tables: %1$s.orders,%1$s.audit_log".formatted(pipeline.database()));
    assertThat(without).doesNotContain("\\.*");
    String file = pipeline.write(without).toString();
    shop.workload().change(200);
    FirnProcess.Options options = FirnProcess.Options.of(pipeline);
    FirnProcess.start(options, "run", file, "--until-caught-up").expectExit(0, Firn.LIMIT_SECONDS);
    FirnProcess.start(options, "verify", file).expectExit(0, Firn.LIMIT_SECONDS);
  }

  @Test
  void schemaChangesSurviveKillsAnywhereAroundThem() throws Exception {
    Source.Shop shop = Source.shop("ddl", 2_000);
    Pipeline pipeline =
        shop.pipeline().setting("checkpoint.interval", "200ms").setting("parallelism", "2");
    SplittableRandom random = new SplittableRandom(Source.seed());
    for (int round = 0; round < ROUNDS; round++) {
      String table = pipeline.database() + ".order_lines";
      try (FirnProcess process = Firn.start(pipeline);
          BackgroundLoad load = shop.workload().background(1, 500)) {
        // In the first round around the end of the snapshot, then amid the stream.
        Firn.awaitCheckpoints(process, pipeline, round == 0 ? 1 : 3);
        Thread.sleep(random.nextInt(300));
        Source.server().execute("ALTER TABLE " + table + " ADD COLUMN extra_" + round + " BIGINT");
        update("UPDATE " + table + " SET extra_" + round + " = order_id WHERE line_no = 1");
        if (round == 1) {
          Source.server().execute("ALTER TABLE " + table + " RENAME COLUMN extra_0 TO renamed_0");
        } else if (round == 2) {
          Source.server().execute("ALTER TABLE " + table + " DROP COLUMN renamed_0");
        }
        Thread.sleep(random.nextInt(600));
        process.kill();
        Firn.reached(Fault.DDL_BETWEEN_KILLS);
        assertThat(load.changes()).isPositive();
      }
      // And the recovery from that kill.
      try (FirnProcess process = Firn.start(pipeline)) {
        Thread.sleep(random.nextInt(2_500, 4_000));
        process.kill();
      }
    }
    Firn.catchUp(pipeline);
    LakeCheck.assertMirrors(pipeline);
  }

  /** The load may be in the way: a deadlock is tried again. */
  private static void update(String statement) {
    for (int attempt = 1; ; attempt++) {
      try {
        Source.server().execute(statement);
        return;
      } catch (ServerException e) {
        if (attempt == 10) {
          throw e;
        }
      }
    }
  }
}
