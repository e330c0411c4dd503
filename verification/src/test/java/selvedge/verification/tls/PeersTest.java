package selvedge.verification.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import selvedge.engine.replication.Descent;
import selvedge.engine.replication.Lineage;
import selvedge.engine.replication.Openings;
import selvedge.model.Bytes;
import selvedge.model.Version;
import selvedge.model.tls.Identity;
import selvedge.model.tls.Trust;
import selvedge.server.Server;
import selvedge.server.config.Config;
import selvedge.server.config.Setting;
import selvedge.server.edge.Upstream;

/**
 * Servers that follow another one need a certificate with a configured name in addition to their
 * token.
 */
final class PeersTest {
  private static final String TOKEN = "token-of-the-root-of-this-test-0123456789";

  private final Authority servers = new Authority("servers");
  private final Authority peers = new Authority("peers");
  private final Path folder;
  private final Trust trust;
  private final Server origin;
  private URI uri = URI.create("https://127.0.0.1");

  PeersTest(@TempDir Path folder) {
    this.folder = folder;
    trust = Trust.of(servers.write(folder.resolve("servers.pem")));
    peers.write(folder.resolve("peers.pem"));
    servers.issue("127.0.0.1").write(folder.resolve("cert.pem"), folder.resolve("key.pem"));
    origin =
        new Server(
            Config.of(
                List.of(
                    setting("listen", "127.0.0.1:0"),
                    setting("data", folder.resolve("data").toString()),
                    setting("root-token", TOKEN),
                    setting("tls-cert", folder.resolve("cert.pem").toString()),
                    setting("tls-key", folder.resolve("key.pem").toString()),
                    setting("peer-ca", folder.resolve("peers.pem").toString()),
                    setting("peers", "fra.example, 192.0.2.7"))));
  }

  private static Setting setting(String key, String value) {
    return new Setting(key, value, "the test");
  }

  @BeforeEach
  void start() {
    uri = origin.start();
  }

  @AfterEach
  void stop() {
    origin.close();
  }

  /** The requests of a server that follows this one. */
  enum PeerRequest {
    POSITION {
      @Override
      void send(Upstream upstream) throws IOException {
        assertThat(upstream.position().epoch()).isPositive();
      }
    },
    SNAPSHOT {
      @Override
      void send(Upstream upstream) throws IOException {
        try (InputStream snapshot = upstream.snapshot()) {
          assertThat(snapshot.read()).isNotNegative();
        }
      }
    },
    FEED {
      @Override
      void send(Upstream upstream) throws IOException {
        try (InputStream feed = upstream.feed(nothing(upstream.position().epoch()))) {
          assertThat(feed.read()).isNotNegative();
        }
      }
    };

    abstract void send(Upstream upstream) throws IOException;
  }

  private Trust presenting(Authority authority, String... names) {
    Path certificate = folder.resolve("peer.pem");
    Path key = folder.resolve("peer-key.pem");
    authority.issue(names).write(certificate, key);
    return trust.presenting(Identity.read(certificate, key));
  }

  private void send(PeerRequest request, Trust edge, String token) throws IOException {
    try (var upstream =
        new Upstream(
            new Upstream.Options(List.of(uri), token, Set.of(), Duration.ofSeconds(60)),
            System::nanoTime,
            () -> Bytes.utf8("{\"location\":\"fra\"}"),
            () -> edge,
            Optional::empty)) {
      request.send(upstream);
    }
  }

  /** A store without changes. */
  private static Descent nothing(long epoch) {
    return new Descent(epoch, Version.NONE, Lineage.NONE, Openings.NONE);
  }

  @ParameterizedTest
  @EnumSource
  void acceptsAConfiguredPeerWithItsToken(PeerRequest request) throws Exception {
    send(request, presenting(peers, "fra.example"), TOKEN);
    send(request, presenting(peers, "other.example", "192.0.2.7"), TOKEN);
  }

  @ParameterizedTest
  @EnumSource
  void refusesATokenWithoutACertificate(PeerRequest request) {
    assertThatThrownBy(() -> send(request, trust, TOKEN))
        .hasMessageContaining("403")
        .hasMessageContaining("--peer-cert");
  }

  @ParameterizedTest
  @EnumSource
  void refusesANameThatIsNotConfigured(PeerRequest request) {
    assertThatThrownBy(() -> send(request, presenting(peers, "syd.example"), TOKEN))
        .hasMessageContaining("403")
        .hasMessageContaining("syd.example");
  }

  @ParameterizedTest
  @EnumSource
  void refusesACertificateWithoutAToken(PeerRequest request) {
    assertThatThrownBy(() -> send(request, presenting(peers, "fra.example"), "guessed"))
        .hasMessageContaining("401");
  }

  @Test
  void refusesACertificateOfAnotherAuthority() {
    assertThatThrownBy(() -> send(PeerRequest.POSITION, presenting(servers, "fra.example"), TOKEN))
        .isInstanceOf(IOException.class);
  }

  @Test
  void otherRequestsNeedNoCertificate() throws Exception {
    try (var upstream =
        new Upstream(
            new Upstream.Options(List.of(uri), TOKEN, Set.of(), Duration.ofSeconds(60)),
            System::nanoTime,
            () -> Bytes.utf8("{\"location\":\"fra\"}"),
            () -> trust,
            Optional::empty)) {
      assertThat(upstream.descent()).isNotNull();
    }
  }
}
