package io.firn.it;

import io.firn.it.check.LakeCheck;
import io.firn.it.oracle.ShopTables;
import io.firn.it.process.FirnProcess;
import io.firn.it.process.Pipeline;
import io.firn.testservers.provision.Trees;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A source table that is dropped and created again leaves no row of its first life in the lake. */
class RecreatedTableTest {
  private static final int LIMIT_SECONDS = 180;

  @ParameterizedTest
  @ValueSource(strings = {"at once", "in another run", "after all local state was lost"})
  void onlyTheNewRowsAreInTheLake(String when) throws Exception {
    Source.Shop shop = Source.shop("recreated", 2_000);
    Pipeline pipeline = shop.pipeline();
    run(pipeline);
    List<String> create = new ArrayList<>();
    String use = "USE " + pipeline.database();
    create.add(use);
    for (String table : ShopTables.NAMES) {
      pipeline.server().execute(use, "CREATE TABLE kept_" + table + " LIKE " + table);
      pipeline.server().execute(use, "INSERT INTO kept_" + table + " SELECT * FROM " + table);
      pipeline.server().execute(use, "DROP TABLE " + table);
      create.add("CREATE TABLE IF NOT EXISTS " + table + " LIKE kept_" + table);
      create.add("INSERT INTO " + table + " SELECT * FROM kept_" + table + " LIMIT 700");
    }
    if (!when.equals("at once")) {
      run(pipeline);
    }
    if (when.startsWith("after all")) {
      Trees.delete(pipeline.directory().resolve("checkpoints"));
      Trees.delete(pipeline.directory().resolve("state"));
    }
    pipeline.server().execute(create.toArray(String[]::new));
    run(pipeline);
    LakeCheck.assertMirrors(pipeline);
    pipeline.server().execute(use, "REPLACE INTO orders SELECT * FROM kept_orders");
    run(pipeline);
    LakeCheck.assertMirrors(pipeline);
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
