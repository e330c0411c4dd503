package selvedge.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import selvedge.model.InvalidRequestException;
import selvedge.model.Namespace;

/** The effects of options on the requests and connections of a client. */
@Timeout(20)
final class ClientOptionsTest {
  private static final RawServer.Answer ANSWER =
      (head, out) -> {
        if (head.line().startsWith("PUT ")) {
          RawServer.reply(out, 200, "", "Selvedge-Namespace: " + "a".repeat(32));
        } else {
          RawServer.reply(out, 200, "v", "Selvedge-Version: 7", "Selvedge-As-Of: 7");
        }
      };

  @Test
  void everyRequestHasTheTokenOfItsTime() {
    var sent = new ConcurrentLinkedQueue<String>();
    var token = new AtomicReference<>("first");
    try (RawServer server =
            new RawServer(
                (head, out) -> {
                  sent.add(head.header("Authorization"));
                  ANSWER.write(head, out);
                });
        Client client = Client.of(ClientOptions.of(server.uri()).token(token::get))) {
      Namespace namespace = client.namespace("n");
      token.set("second");
      namespace.getText("k");

      assertThat(sent).containsExactly("Bearer first", "Bearer second");
    }
  }

  @Test
  void aRequestWhoseTokenIsInvalidIsNotSent() {
    var sent = new ConcurrentLinkedQueue<String>();
    var token = new AtomicReference<>("");
    try (RawServer server = new RawServer((head, out) -> sent.add(head.line()));
        Client client = Client.of(ClientOptions.of(server.uri()).token(token::get))) {
      assertThatThrownBy(() -> client.namespace("n"))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("must not be empty");
      token.set("a\n");
      assertThatThrownBy(() -> client.namespace("n"))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("visible ASCII");

      assertThat(sent).isEmpty();
    }
  }

  /**
   * The queue of a listener that accepts nothing fills up, and a further connection gets no answer.
   */
  @Test
  void aConnectionThatIsNotOpenedInTimeLeavesTimeForTheNextServer() throws Exception {
    List<SocketChannel> queued = new ArrayList<>();
    try (var full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        RawServer server = new RawServer(ANSWER)) {
      for (int i = 0; i < 8; i++) {
        SocketChannel channel = SocketChannel.open();
        queued.add(channel);
        channel.configureBlocking(false);
        channel.connect(full.getLocalSocketAddress());
      }
      URI silent = URI.create("http://127.0.0.1:" + full.getLocalPort());
      var options =
          ClientOptions.of(silent, server.uri())
              .deadline(Duration.ofSeconds(4))
              .connectTimeout(Duration.ofMillis(200));
      try (Client client = Client.of(options)) {
        assertThat(client.namespace("n").getText("k")).contains("v");
      }
    } finally {
      for (SocketChannel channel : queued) {
        channel.close();
      }
    }
    assertThatThrownBy(() -> ClientOptions.of(URI.create("http://a")).connectTimeout(Duration.ZERO))
        .isInstanceOf(InvalidRequestException.class);
  }

  @Test
  void theHttpClientMayHaveAProxy() {
    var lines = new ConcurrentLinkedQueue<String>();
    try (RawServer proxy =
        new RawServer(
            (head, out) -> {
              lines.add(head.line());
              ANSWER.write(head, out);
            })) {
      var selector =
          ProxySelector.of(new InetSocketAddress(proxy.uri().getHost(), proxy.uri().getPort()));
      var options =
          ClientOptions.of(URI.create("http://server.invalid"))
              .httpClient(builder -> builder.proxy(selector));
      try (Client client = Client.of(options)) {
        client.namespace("n");
      }
      assertThat(lines).containsExactly("PUT http://server.invalid/v1/namespaces/n HTTP/1.1");
    }
  }
}
