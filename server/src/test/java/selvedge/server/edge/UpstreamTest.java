package selvedge.server.edge;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import selvedge.model.Bytes;
import selvedge.model.tls.Trust;

/** An answer that is not valid must not end the loading of a store. */
final class UpstreamTest {
  private final HttpServer server;

  UpstreamTest() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.start();
  }

  @AfterEach
  void close() {
    server.stop(0);
  }

  private Upstream upstream(String status) {
    server.createContext("/v1/status", exchange -> answer(exchange, status));
    URI address = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    return new Upstream(
        new Upstream.Options(List.of(address), "", Set.of(), Duration.ofSeconds(5)),
        System::nanoTime,
        () -> Bytes.utf8("{}"),
        Trust::usual,
        Optional::empty);
  }

  private static void answer(HttpExchange exchange, String text) throws IOException {
    try (exchange) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(200, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  @Test
  void aStatusThatIsNotValidFailsAsABrokenConnectionDoes() {
    for (String status : List.of("<html>", "{\"epoch\":\"x\",\"version\":1}", "{\"epoch\":[]}")) {
      try (Upstream upstream = upstream(status)) {
        assertThatThrownBy(upstream::descent).isInstanceOf(IOException.class);
      }
      server.removeContext("/v1/status");
    }
  }

  @Test
  void aTrustedTimeThatIsNotValidFailsAsABrokenConnectionDoes() {
    try (Upstream upstream = upstream("{\"trusted_at\":\"noon\"}")) {
      assertThatThrownBy(upstream::trustedAt).isInstanceOf(IOException.class);
    }
  }
}
