package selvedge.verification.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import selvedge.client.Client;
import selvedge.client.ClientOptions;
import selvedge.embedded.EmbeddedEdge;
import selvedge.embedded.EmbeddedOptions;
import selvedge.model.Bytes;
import selvedge.model.SelvedgeException;
import selvedge.model.tls.Trust;
import selvedge.server.edge.Upstream;
import selvedge.verification.process.Command;

/** All outgoing connections check the name in the certificate before they send a token. */
final class OutgoingTlsTest {
  private static final String TOKEN = "secret-of-the-caller";
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private final Authority authority = new Authority("authority");
  @TempDir Path folder;

  /** The parts that connect to a server with a token. */
  enum Connection {
    EDGE {
      @Override
      void open(Listener listener, URI server, Path ca, Path folder) throws IOException {
        try (var upstream =
            new Upstream(
                new Upstream.Options(List.of(server), TOKEN, Set.of(), TIMEOUT),
                System::nanoTime,
                () -> Bytes.utf8("{}"),
                () -> Trust.of(ca),
                Optional::empty)) {
          upstream.position();
        }
      }
    },
    CLIENT {
      @Override
      void open(Listener listener, URI server, Path ca, Path folder) {
        connect(ClientOptions.of(server).trust(Trust.of(ca)));
      }
    },
    CLIENT_WITH_CONTEXT {
      @Override
      void open(Listener listener, URI server, Path ca, Path folder) {
        connect(ClientOptions.of(server).ssl(Authority.context(ca)));
      }
    },
    EMBEDDED_EDGE {
      @Override
      void open(Listener listener, URI server, Path ca, Path folder) throws InterruptedException {
        var options = EmbeddedOptions.usual().trust(Trust.of(ca));
        Thread opening =
            Thread.ofPlatform().name("opening").start(() -> open(folder, server, options));
        try {
          listener.await();
        } finally {
          opening.interrupt();
          opening.join();
        }
      }

      // An edge retries until it is interrupted.
      private static void open(Path folder, URI server, EmbeddedOptions options) {
        try {
          EmbeddedEdge.open(folder.resolve("edge"), server, options.token(TOKEN)).close();
        } catch (SelvedgeException e) {
          assertThat(e).hasMessageContaining("interrupted");
        }
      }
    },
    STATUS("status", "SERVER"),
    PROMOTE("promote", "SERVER"),
    FOLLOW("follow", "http://127.0.0.1:1", "--edge", "SERVER"),
    VERIFY("verify", "SERVER", "--against", "SERVER"),
    TOKEN_LIST("token", "list", "--server", "SERVER");

    @SuppressWarnings("ImmutableEnumChecker") // List.of is immutable
    private final List<String> command;

    Connection(String... command) {
      this.command = List.of(command);
    }

    private static void connect(ClientOptions options) {
      try (var client = Client.of(options.token(TOKEN))) {
        client.namespace("any");
      }
    }

    void open(Listener listener, URI server, Path ca, Path folder)
        throws IOException, InterruptedException {
      List<String> arguments = new ArrayList<>(command);
      arguments.replaceAll(each -> each.replace("SERVER", server.toString()));
      arguments.addAll(List.of("--token", TOKEN, "--ca", ca.toString()));
      Command.run(arguments.toArray(String[]::new));
    }
  }

  private String received(Connection connection, URI server, Listener listener) throws Exception {
    Path ca = authority.write(folder.resolve("ca.pem"));
    try {
      connection.open(listener, server, ca, folder);
    } catch (IOException | SelvedgeException e) {
      // The listener is not a Selvedge server, so each connection fails eventually.
      assertThat(e.getMessage()).containsAnyOf(server.toString(), "the server answered 404");
    }
    return listener.received();
  }

  @ParameterizedTest
  @EnumSource
  void aCertificateForAnotherNameReceivesNoToken(Connection connection) throws Exception {
    try (var listener = new Listener(authority.issue("other.example", "192.0.2.1"))) {
      assertThat(received(connection, listener.uri("localhost"), listener)).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aCertificateForTheRightNameReceivesTheToken(Connection connection) throws Exception {
    try (var listener = new Listener(authority.issue("localhost"))) {
      assertThat(received(connection, listener.uri("localhost"), listener)).contains(TOKEN);
    }
  }

  static Stream<Arguments> hosts() {
    return Stream.of(Connection.EDGE, Connection.CLIENT, Connection.EMBEDDED_EDGE)
        .flatMap(
            connection ->
                Stream.of(
                    Arguments.of(connection, "127.0.0.1", "127.0.0.1", true),
                    Arguments.of(connection, "127.0.0.1", "127.0.0.2", false),
                    Arguments.of(connection, "127.0.0.1", "localhost", false),
                    Arguments.of(connection, "localhost", "127.0.0.1", false)));
  }

  @ParameterizedTest
  @MethodSource("hosts")
  void anIpAddressIsComparedWithTheIpAddressesOfTheCertificate(
      Connection connection, String host, String name, boolean accepted) throws Exception {
    try (var listener = new Listener(authority.issue(name))) {
      String received = received(connection, listener.uri(host), listener);
      assertThat(received.contains(TOKEN)).isEqualTo(accepted);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"EDGE", "CLIENT", "CLIENT_WITH_CONTEXT", "EMBEDDED_EDGE", "STATUS"})
  void anExpiredCertificateReceivesNoToken(Connection connection) throws Exception {
    try (var listener = new Listener(authority.issueExpired("localhost"))) {
      assertThat(received(connection, listener.uri("localhost"), listener)).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"EDGE", "CLIENT", "CLIENT_WITH_CONTEXT", "EMBEDDED_EDGE", "STATUS"})
  void aCertificateOfAnotherAuthorityReceivesNoToken(Connection connection) throws Exception {
    try (var listener = new Listener(new Authority("other").issue("localhost"))) {
      assertThat(received(connection, listener.uri("localhost"), listener)).isEmpty();
    }
  }

  @Test
  void theMessageContainsTheReason() throws Exception {
    Path ca = authority.write(folder.resolve("ca.pem"));
    try (var listener = new Listener(authority.issue("other.example"))) {
      URI server = listener.uri("localhost");
      assertThatThrownBy(() -> Connection.EDGE.open(listener, server, ca, folder))
          .hasMessageContaining("cannot be reached")
          .hasMessageContaining("localhost")
          .hasMessageContaining("DNS name");
    }
  }
}
