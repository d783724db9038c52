package io.firn.it;

import io.firn.it.process.EngineProcess;
import io.firn.testservers.ServerException;
import io.firn.testservers.process.Commands;
import io.firn.testservers.process.FreePort;
import io.firn.testservers.process.ServerProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The job of {@link CatalogMatrixTest} with a Hive metastore; part of the profile engines. */
@Tag("engines")
class HiveCatalogTest {
  private static final long START_SECONDS = 180;

  @Test
  void theCatalogMayBeAHiveMetastore() throws Exception {
    Source.Shop shop = Source.shop("hive", 2_000);
    Path directory = Files.createDirectories(shop.pipeline().directory());
    String warehouse = directory.resolve("lake/warehouse").toUri().toString();
    int port = FreePort.find();
    try (ServerProcess metastore = start(port, warehouse, directory)) {
      await(port, metastore);
      Map<String, String> properties = new HashMap<>();
      properties.put("type", "hive");
      properties.put("uri", "thrift://127.0.0.1:" + port);
      properties.put("warehouse", warehouse);
      CatalogLife.liveThrough(shop, CatalogLife.with(shop.pipeline(), properties), () -> {});
    }
  }

  private static ServerProcess start(int port, String warehouse, Path directory)
      throws IOException {
    Path arguments = directory.resolve("metastore.arguments");
    Files.write(arguments, List.of("-cp", EngineProcess.classPath("hive")));
    return ServerProcess.start(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx512m",
            "-XX:TieredStopAtLevel=1",
            "-Djava.io.tmpdir=" + directory,
            "-Dderby.system.home=" + directory,
            "@" + arguments,
            "io.firn.it.hive.Metastore",
            Integer.toString(port),
            warehouse),
        directory,
        directory.resolve("metastore.log"));
  }

  private static void await(int port, ServerProcess metastore) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
    while (System.nanoTime() < end && metastore.isAlive()) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        if (socket.isConnected()) {
          return;
        }
      } catch (IOException e) {
        Thread.sleep(200);
      }
    }
    throw new ServerException("The metastore does not answer:\n" + Commands.end(metastore.log()));
  }
}
