package io.firn.testservers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.firn.testservers.HttpFaultProxy.Outcome;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HttpFaultProxyTest {
  private static final String ANSWER = "answer".repeat(10_000);

  private final List<String> seen = new CopyOnWriteArrayList<>();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private HttpServer server;
  private HttpFaultProxy proxy;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    server.createContext(
        "/",
        exchange -> {
          byte[] body = exchange.getRequestBody().readAllBytes();
          seen.add(
              exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + body.length);
          exchange.sendResponseHeaders(200, ANSWER.length());
          exchange.getResponseBody().write(ANSWER.getBytes(StandardCharsets.US_ASCII));
          exchange.close();
        });
    server.start();
    proxy = new HttpFaultProxy(URI.create("http://127.0.0.1:" + server.getAddress().getPort()));
  }

  @AfterEach
  void stop() {
    proxy.close();
    server.stop(0);
  }

  private HttpResponse<String> put(HttpRequest.BodyPublisher body)
      throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(proxy.uri().resolve("/a?b=c"))
            .timeout(Duration.ofSeconds(3))
            .PUT(body)
            .build(),
        BodyHandlers.ofString());
  }

  private HttpResponse<String> put() throws IOException, InterruptedException {
    return put(HttpRequest.BodyPublishers.ofString("x".repeat(100_000)));
  }

  @Test
  void whatPassesIsUnchanged() throws Exception {
    assertThat(put().body()).isEqualTo(ANSWER);
    // Of unknown length, so in chunks.
    HttpRequest.BodyPublisher chunked =
        HttpRequest.BodyPublishers.ofInputStream(
            () -> new java.io.ByteArrayInputStream(new byte[50_000]));
    assertThat(put(chunked).body()).isEqualTo(ANSWER);
    assertThat(seen).containsExactly("PUT /a?b=c 100000", "PUT /a?b=c 50000");
    assertThat(proxy.count(Outcome.PASSED)).isEqualTo(2);
  }

  @Test
  void errorsAreAnsweredWithoutTheServer() throws Exception {
    proxy.use((method, path) -> path.equals("/a?b=c") ? Outcome.SERVER_ERROR : Outcome.PASSED);
    assertThat(put().statusCode()).isEqualTo(500);
    proxy.use((method, path) -> Outcome.SLOW_DOWN);
    HttpResponse<String> slow = put();
    assertThat(slow.statusCode()).isEqualTo(503);
    assertThat(slow.body()).contains("<Code>SlowDown</Code>");
    assertThat(seen).isEmpty();
    proxy.heal();
    assertThat(put().statusCode()).isEqualTo(200);
  }

  @Test
  void aResetRequestIsNotSeenAndOneWithoutAnswerIs() {
    proxy.use((method, path) -> Outcome.RESET);
    assertThatThrownBy(this::put).isInstanceOf(IOException.class);
    assertThat(seen).isEmpty();
    for (Outcome lost : List.of(Outcome.ANSWER_LOST, Outcome.RESET_IN_ANSWER)) {
      proxy.use((method, path) -> lost);
      assertThatThrownBy(this::put).as(lost.name()).isInstanceOf(IOException.class);
    }
    assertThat(seen).hasSize(2);
  }

  @Test
  void silenceLastsUntilTheClientGivesUp() {
    proxy.use((method, path) -> Outcome.SILENT);
    assertThatThrownBy(this::put).isInstanceOf(HttpTimeoutException.class);
    assertThat(seen).hasSize(1);
  }
}
