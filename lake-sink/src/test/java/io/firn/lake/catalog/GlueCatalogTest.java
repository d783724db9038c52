package io.firn.lake.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.firn.lake.LakeSinkOptions;
import io.firn.testservers.Account;
import io.firn.testservers.S3Server;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** There is no Glue to run against; that the options arrive in its requests can be seen. */
class GlueCatalogTest {

  /** An HTTP server that knows no database, and remembers what it was asked. */
  private static final class EmptyGlue implements AutoCloseable {
    private final List<String> requests = Collections.synchronizedList(new ArrayList<>());
    private final HttpServer server;

    EmptyGlue() throws IOException {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext(
          "/",
          exchange -> {
            String body =
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            requests.add(
                exchange.getRequestHeaders().getFirst("X-Amz-Target")
                    + " "
                    + exchange.getRequestHeaders().getFirst("Authorization")
                    + " "
                    + body);
            byte[] answer = "{\"DatabaseList\":[]}".getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/x-amz-json-1.1");
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
          });
      server.start();
    }

    String endpoint() {
      return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    @Override
    public void close() {
      server.stop(0);
    }
  }

  @Test
  void optionsArriveInTheRequests() throws IOException {
    try (S3Server s3 = S3Server.start();
        EmptyGlue glue = new EmptyGlue()) {
      Map<String, String> properties = new HashMap<>(s3.catalogProperties());
      properties.remove("io-impl");
      properties.put("type", "glue");
      properties.put("warehouse", s3.createBucket("lake") + "/warehouse");
      properties.put("client.region", "eu-west-1");
      // For Glue and for the storage.
      properties.put("client.credentials-provider", Keys.class.getName());
      assertThat(s3.account()).isEqualTo(new Account(Keys.USER, Keys.SECRET));
      properties.put("glue.endpoint", glue.endpoint());
      properties.put("glue.id", "123456789012");
      try (LakeCatalog catalog = LakeCatalog.open(LakeSinkOptions.of(properties))) {
        assertThat(catalog.iceberg().getClass().getSimpleName()).isEqualTo("GlueCatalog");
      }
      assertThat(glue.requests)
          .isNotEmpty()
          .allSatisfy(
              request ->
                  assertThat(request)
                      .startsWith("AWSGlue.GetDatabases")
                      .contains("/eu-west-1/glue/")
                      .contains("Credential=" + Keys.USER + "/")
                      .contains("\"CatalogId\":\"123456789012\""));
    }
  }

  /** Credentials, named by their class as users do. */
  public static final class Keys
      implements software.amazon.awssdk.auth.credentials.AwsCredentialsProvider {
    static final String USER = "firn-access";
    static final String SECRET = "firn-s3-s3cret";

    public static Keys create() {
      return new Keys();
    }

    @Override
    public software.amazon.awssdk.auth.credentials.AwsCredentials resolveCredentials() {
      return software.amazon.awssdk.auth.credentials.AwsBasicCredentials.create(USER, SECRET);
    }
  }
}
