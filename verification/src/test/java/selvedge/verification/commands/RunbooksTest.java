package selvedge.verification.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import selvedge.model.Bytes;
import selvedge.verification.process.Command;
import selvedge.verification.process.Launch;
import selvedge.verification.process.Polling;
import selvedge.verification.process.ProcessResult;
import selvedge.verification.process.Program;
import selvedge.verification.process.RestClient;
import selvedge.verification.process.RunningServer;
import selvedge.verification.process.Servers;

/** The commands of the pages for operators, as they are written there. */
final class RunbooksTest {
  private static final String ROOT = "root-token-of-the-test-of-the-runbooks";
  private static final Duration TIMEOUT = Duration.ofMinutes(1);

  @RegisterExtension final Servers servers = new Servers();
  @TempDir Path folder;

  private String path(String name) {
    return folder.resolve(name).toString();
  }

  private Runbook page(String name) {
    return Runbook.of(name, Map.of("/var/lib/selvedge", path("origin")));
  }

  private RunningServer origin(String... more) {
    return servers.startHere(Launch.on(folder.resolve("origin")).with(more));
  }

  private RunningServer edge(String name, URI origin, String token) throws Exception {
    RunningServer edge =
        servers.startHere(
            Launch.on(folder.resolve(name)).follow(origin, name).with("--origin-token", token));
    Polling.await("a feed", () -> status(edge.uri()).contains("\"connected\":true"));
    return edge;
  }

  private static String status(URI server) {
    try (var client = root(server)) {
      return client.send("GET", "/v1/status", BodyPublishers.noBody()).body().utf8();
    }
  }

  private static RestClient root(URI server) {
    return new RestClient(server, HttpClient.Version.HTTP_1_1, ROOT);
  }

  private static String word(ProcessResult result, String name) {
    List<String> words = List.of(result.ok().text().split("\\s+"));
    return words.get(words.indexOf(name) + 1);
  }

  private String tokenFile(String secret) throws Exception {
    return Files.writeString(folder.resolve("token"), secret).toString();
  }

  private ProcessResult shell(String script) {
    return new Program(List.of("sh", "-e", "-c", script), folder, Map.of()).run(TIMEOUT);
  }

  @Test
  void tokensAreCreatedRotatedAndRevoked() {
    try (RunningServer server = origin("--root-token", ROOT);
        RestClient root = root(server.uri())) {
      Runbook page = page("tokens.md").with("--account ID", "--account " + Launch.ACCOUNT);
      ProcessResult created = page.run("token create --name ci");
      String secret = word(created, "secret");
      try (var client = new RestClient(server.uri(), HttpClient.Version.HTTP_1_1, secret)) {
        String namespace = root.createNamespace("n");
        client.put(namespace, "k", Bytes.utf8("v")).ok();

        ProcessResult rotated = page.with(" ID", " " + word(created, "id")).run("token rotate ID");
        String fresh = word(rotated, "secret");
        client.get(namespace, "k").ok();
        assertThat(page.run("token list").ok().text()).contains(word(rotated, "id"));
        page.with(" ID", " " + word(rotated, "id")).run("token revoke ID").ok();

        try (var late = new RestClient(server.uri(), HttpClient.Version.HTTP_1_1, fresh)) {
          assertThat(late.get(namespace, "k").status()).isEqualTo(401);
        }
      }
    }
  }

  @Test
  void aPrivateAuthorityIssuesTheCertificateAndItsSuccessor() throws Exception {
    Runbook tls = page("tls.md").with("10.0.0.1", "127.0.0.1");
    shell(tls.block("openssl req -x509")).ok();
    try (RunningServer server =
        origin("--tls-cert", path("cert.pem"), "--tls-key", path("key.pem"))) {
      String address = server.uri().toString();
      assertThat(Command.run("doctor", address, "--ca", path("ca.pem")).errors())
          .doesNotContain("certificate");
      byte[] first = Files.readAllBytes(folder.resolve("cert.pem"));

      String successor = tls.block("openssl req -x509").split("(?m)^openssl", -1)[2];
      shell(
              "openssl"
                  + successor.replace("cert.pem", "new.pem").replace(" key.pem", " new-key.pem"))
          .ok();
      for (String file : List.of("cert.pem", "key.pem")) {
        String fresh = file.equals("cert.pem") ? "new.pem" : "new-key.pem";
        Files.move(
            folder.resolve(fresh), folder.resolve(file), StandardCopyOption.REPLACE_EXISTING);
      }
      assertThat(Files.readAllBytes(folder.resolve("cert.pem"))).isNotEqualTo(first);
      String serial = shell("openssl x509 -noout -serial -in cert.pem").ok().text();
      Runbook page =
          page("certificate-expires.md").with("kv.example:5820", server.uri().getAuthority());
      String check = page.block("openssl s_client");
      assertThat(shell(check).ok().text()).startsWith("notAfter=");
      Polling.await(
          "the new certificate",
          () -> shell(check.replace("-enddate", "-serial")).text().equals(serial));
      assertThat(page.run("doctor").text()).doesNotContain("the certificate of the server");
    }
  }

  @Test
  void anEdgeIsAddedComparedAndPromoted() throws Exception {
    RunningServer origin = origin("--root-token", ROOT);
    String secret = word(page("edges.md").run("token create --name fra"), "secret");
    try (RestClient root = root(origin.uri())) {
      String namespace = root.createNamespace("n");
      root.put(namespace, "k", Bytes.utf8("v")).ok();
      RunningServer fra = edge("fra", origin.uri(), secret);
      RunningServer syd = edge("syd", origin.uri(), secret);

      Runbook page =
          page("edges.md")
              .with("https://kv.example:5820", origin.uri().toString())
              .with("https://fra.kv.example:5820", fra.uri().toString())
              .with("/etc/selvedge/edge-token", tokenFile(secret));
      Polling.await(
          "both edges in the status",
          () -> {
            String status = page.run("status").ok().text();
            return status.contains("fra")
                && status.contains("syd")
                && status.contains("connected since");
          });
      page.run("verify").ok();
      assertThat(page.run("retire fra").errors()).contains("stop it first");

      origin.close();
      Runbook lost =
          page("lost-origin.md")
              .with("/var/lib/selvedge-fra", path("fra"))
              .with("/var/lib/selvedge-syd", path("syd"))
              .with("http://10.0.0.2:5820", fra.uri().toString())
              .with("http://10.0.0.3:5820", syd.uri().toString())
              .with("status URL", "status " + fra.uri())
              .with("--token-file token", "--token-file " + tokenFile(ROOT));
      lost.run("status").ok();
      Polling.await("a promotion", () -> lost.run("promote http").exit() == 0);
      Polling.await("an origin", () -> status(fra.uri()).contains("\"role\":\"origin\""));
      lost.run("follow http://10.0.0.2:5820 --edge").ok();
      Polling.await(
          "the new origin", () -> status(syd.uri()).contains("\"follows\":\"" + fra.uri()));
      lost.run("follow http://10.0.0.2:5820 --data").ok();
      try (RestClient promoted = root(fra.uri())) {
        assertThat(promoted.createNamespace("after")).isNotEmpty();
      }
    }
  }

  @Test
  void aBackupIsCreatedVerifiedAndRestored() {
    String namespace;
    Runbook page =
        page("backup.md")
            .with("/backups/monday", path("origin") + "/backups/monday")
            .with("/mnt/monday", path("offline"))
            .with("--data DIR", "--data " + path("origin"));
    RunningServer origin = origin();
    try (RestClient client = origin.client()) {
      namespace = client.createNamespace("n");
      client.put(namespace, "k", Bytes.utf8("before")).ok();
      page.run("backup create monday --data").ok();
      client.put(namespace, "k", Bytes.utf8("after")).ok();
    }
    page.run("backup verify").ok();
    origin.close();
    page.run("backup create /mnt/monday --offline").ok();

    page.with("/var/lib/selvedge", path("restored")).run("backup restore").ok();
    try (RunningServer restored = servers.startHere(Launch.on(folder.resolve("restored")));
        RestClient client = restored.client()) {
      assertThat(client.get(namespace, "k").ok().body().utf8()).isEqualTo("before");
    }
  }

  @Test
  void aFullDiskAndAWrongClockAreTreatedByCommands() {
    try (RunningServer server = origin()) {
      assertThat(page("disk-full.md").run("config set").ok().text())
          .isEqualTo("limits.feed-bytes = 268435456\n");
      page("disk-full.md").run("compact").ok();
      Runbook page = page("wrong-clock.md").with("http://10.0.0.1:5820", server.uri().toString());
      page.run("confirm-clock --data").ok();
      assertThat(page.run("confirm-clock http").exit())
          .as("without a token of an operator")
          .isEqualTo(1);
    }
  }
}
