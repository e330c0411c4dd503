package selvedge.verification.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import selvedge.client.Client;
import selvedge.client.ClientOptions;
import selvedge.embedded.EmbeddedEdge;
import selvedge.embedded.EmbeddedOptions;
import selvedge.model.Bytes;
import selvedge.model.InvalidRequestException;
import selvedge.model.SelvedgeException;
import selvedge.model.tls.Identity;
import selvedge.model.tls.Trust;
import selvedge.server.Server;
import selvedge.server.config.Config;
import selvedge.server.config.Setting;
import selvedge.server.edge.Upstream;
import selvedge.verification.process.Command;
import selvedge.verification.process.ProcessResult;

/** A server that requires a certificate of every client, in addition to its token. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ClientCertificatesTest {
  private static final String TOKEN = "token-of-the-root-of-this-test-0123456789";
  private static final Duration TIMEOUT = Duration.ofSeconds(60);
  private static final String REFUSED = "requires a client certificate";

  private final Authority servers = new Authority("servers");
  private final Authority clients = new Authority("clients");
  private final Path folder;
  private final Path ca;
  private final Server server;
  private URI uri = URI.create("https://127.0.0.1");

  ClientCertificatesTest(@TempDir Path folder) {
    this.folder = folder;
    this.ca = servers.write(folder.resolve("servers.pem"));
    servers.issue("127.0.0.1").write(folder.resolve("cert.pem"), folder.resolve("key.pem"));
    clients.issue("app.example").write(folder.resolve("app.pem"), folder.resolve("app-key.pem"));
    server =
        new Server(
            Config.of(
                List.of(
                    setting("listen", "127.0.0.1:0"),
                    setting("data", folder.resolve("data").toString()),
                    setting("root-token", TOKEN),
                    setting("tls-cert", folder.resolve("cert.pem").toString()),
                    setting("tls-key", folder.resolve("key.pem").toString()),
                    setting("peer-ca", clients.write(folder.resolve("clients.pem")).toString()),
                    setting("client-certificates", "true"))));
  }

  private static Setting setting(String key, String value) {
    return new Setting(key, value, "the test");
  }

  @BeforeAll
  void start() {
    uri = server.start();
  }

  @AfterAll
  void stop() {
    server.close();
  }

  private Trust certified() {
    return Trust.of(ca)
        .presenting(Identity.read(folder.resolve("app.pem"), folder.resolve("app-key.pem")));
  }

  @ParameterizedTest
  @EnumSource
  void aClientWithACertificateAndATokenIsServed(Kind kind) throws Exception {
    kind.use(uri, certified(), folder);
  }

  /** An embedded edge tries again until it is interrupted. */
  @ParameterizedTest
  @EnumSource(names = {"CLIENT", "EDGE"})
  void aClientWithoutACertificateIsRefused(Kind kind) {
    assertThatThrownBy(() -> kind.use(uri, Trust.of(ca), folder))
        .isInstanceOfAny(SelvedgeException.class, IOException.class)
        .hasMessageContaining(REFUSED);
  }

  @Test
  void aCertificateOfAnotherAuthorityEndsTheHandshake() {
    servers.issue("app.example").write(folder.resolve("o.pem"), folder.resolve("o-key.pem"));
    Trust other =
        Trust.of(ca)
            .presenting(Identity.read(folder.resolve("o.pem"), folder.resolve("o-key.pem")));
    assertThatThrownBy(() -> Kind.EDGE.use(uri, other, folder)).isInstanceOf(IOException.class);
  }

  private ProcessResult audit(String... more) {
    List<String> arguments = new ArrayList<>(List.of("audit"));
    arguments.addAll(List.of(more));
    return Command.run(arguments.toArray(String[]::new));
  }

  @Test
  void aCommandPresentsACertificateOrUsesTheDataDirectory() {
    String[] remote = {uri.toString(), "--token", TOKEN, "--ca", ca.toString()};
    assertThat(audit(remote).errors()).contains(REFUSED);
    audit(
            uri.toString(),
            "--token",
            TOKEN,
            "--ca",
            ca.toString(),
            "--client-cert",
            folder.resolve("app.pem").toString(),
            "--client-key",
            folder.resolve("app-key.pem").toString())
        .ok();
    audit("--data", folder.resolve("data").toString()).ok();
  }

  /** The clients of a server. */
  enum Kind {
    CLIENT {
      @Override
      void use(URI server, Trust trust, Path folder) {
        try (var client = Client.of(ClientOptions.of(server).token(TOKEN).trust(trust))) {
          client.namespace("n").put("k", "v");
        }
      }
    },
    EMBEDDED_EDGE {
      @Override
      void use(URI server, Trust trust, Path folder) {
        EmbeddedOptions options = EmbeddedOptions.usual().token(TOKEN).trust(trust);
        EmbeddedEdge.open(folder.resolve("edge"), server, options).close();
      }
    },
    EDGE {
      @Override
      void use(URI server, Trust trust, Path folder) throws IOException {
        try (var upstream =
            new Upstream(
                new Upstream.Options(List.of(server), TOKEN, Set.of(), TIMEOUT),
                System::nanoTime,
                () -> Bytes.utf8("{\"location\":\"fra\"}"),
                () -> trust,
                Optional::empty)) {
          assertThat(upstream.position().epoch()).isPositive();
        }
      }
    };

    abstract void use(URI server, Trust trust, Path folder) throws IOException;
  }

  private String exchange(Trust trust, String path) throws IOException {
    try (Socket socket =
        trust.secure(
            new Socket(InetAddress.getLoopbackAddress(), uri.getPort()),
            "127.0.0.1",
            uri.getPort())) {
      String request =
          "GET %s HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n\r\n".formatted(path, TOKEN);
      for (int i = 0; i < 3; i++) {
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        byte[] answer = new byte[4096];
        int length = socket.getInputStream().read(answer);
        String text = new String(answer, 0, Math.max(0, length), StandardCharsets.US_ASCII);
        if (i == 2) {
          return text;
        }
      }
      throw new AssertionError("unreachable");
    }
  }

  /** The server answers a repeated request of another connection without decoding it. */
  @Test
  void anAnswerThatWasLearnedWithACertificateIsNotGivenWithoutOne() throws Exception {
    Kind.CLIENT.use(uri, certified(), folder);
    String path = "/v1/namespaces/n/values/k";
    for (int i = 0; i < 3; i++) {
      assertThat(exchange(Trust.of(ca), path)).startsWith("HTTP/1.1 403 ").contains(REFUSED);
      assertThat(exchange(certified(), path)).startsWith("HTTP/1.1 200 ");
    }
  }

  @Test
  void probesNeedNoCertificate() throws Exception {
    assertThat(exchange(Trust.of(ca), "/livez")).startsWith("HTTP/1.1 200 ");
    assertThat(exchange(Trust.of(ca), "/readyz")).startsWith("HTTP/1.1 200 ");
  }

  @Test
  void theSettingNeedsAnAuthority() {
    assertThatThrownBy(() -> Config.of(List.of(setting("client-certificates", "true"))))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("client-certificates requires peer-ca");
  }
}
