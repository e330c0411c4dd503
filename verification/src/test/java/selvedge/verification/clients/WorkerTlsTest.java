package selvedge.verification.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import selvedge.verification.process.Launch;
import selvedge.verification.process.Program;
import selvedge.verification.tls.Authority;
import selvedge.verification.tls.Listener;

/**
 * A Worker on stock workerd sends the token only to a server whose certificate has the right name.
 */
final class WorkerTlsTest {
  private static final String TOKEN = "token-of-the-worker";

  private final Authority authority = new Authority("private");
  @TempDir Path folder;

  private Path configuration(URI server) throws IOException {
    Files.createSymbolicLink(
        folder.resolve("node_modules"), NpmProject.stock().folder().resolve("node_modules"));
    Files.writeString(
        folder.resolve("wrangler.toml"),
        """
        name = "worker"
        main = "index.js"
        compatibility_date = "2026-01-01"
        kv_namespaces = [{ binding = "KV", id = "things" }]
        """);
    Files.writeString(
        folder.resolve("index.js"),
        """
        export default {
          async fetch(request, env) {
            try {
              return new Response(String(await env.KV.get("key")));
            } catch (e) {
              return new Response("failed");
            }
          },
        };
        """);
    String ca = authority.write(folder.resolve("ca.pem")).toString();
    Program command =
        Launch.selvedge(folder, "worker-config")
            .with(List.of("wrangler.toml", "--server", server.toString(), "--ca", ca));
    new Program(command.command(), folder, Map.of("SELVEDGE_TOKEN", TOKEN))
        .run(Duration.ofMinutes(3))
        .ok();
    return folder.resolve("worker.capnp");
  }

  private static String received(Path configuration, Listener listener) throws Exception {
    try (WorkerProcess worker =
        WorkerProcess.workerd(NpmProject.stock(), configuration, Map.of())) {
      String unused = worker.get("/");
      assertThat(unused).isNotNull();
      return listener.received();
    }
  }

  @Test
  void sendsTheTokenOnlyToTheRightNameWithTheRightAuthority() throws Exception {
    try (var right = new Listener(authority.issue("localhost"));
        var wrong = new Listener(authority.issue("other.example"));
        var stranger = new Listener(new Authority("other").issue("localhost"))) {
      URI server = right.uri("localhost");
      Path configuration = configuration(server);
      assertThat(received(configuration, right)).contains(TOKEN);

      String text = Files.readString(configuration);
      for (Listener other : List.of(wrong, stranger)) {
        int port = other.uri("localhost").getPort();
        Files.writeString(configuration, text.replace(":" + server.getPort(), ":" + port));
        assertThat(received(configuration, other)).isEmpty();
      }
    }
  }
}
