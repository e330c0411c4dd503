package selvedge.verification.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import selvedge.verification.process.Launch;
import selvedge.verification.process.Program;
import selvedge.verification.process.RestClient;
import selvedge.verification.process.SharedServer;

/** The example Workers on stock workerd with a Selvedge server. */
final class ExamplesTest {
  private static final Path EXAMPLES =
      Path.of("..", "examples", "workers").toAbsolutePath().normalize();
  private static final Duration TIMEOUT = Duration.ofMinutes(1);
  private static final String ADMIN = "Bearer let me in";

  @RegisterExtension static final SharedServer SERVER = new SharedServer();
  @TempDir Path folder;

  private WorkerProcess run(String example) throws IOException {
    Path worker = EXAMPLES.resolve(example);
    Path configuration = folder.resolve("worker.capnp");
    Program command =
        Launch.selvedge(worker, "worker-config", worker.resolve("wrangler.toml").toString())
            .with(List.of("--server", SERVER.process().uri().toString()))
            .with(List.of("--out", configuration.toString()));
    command.run(TIMEOUT).ok();
    try (RestClient client = SERVER.client("any")) {
      String id = Files.readString(worker.resolve("wrangler.toml"));
      client.createNamespace(id.replaceAll("(?s).*id = \"([^\"]+)\".*", "$1"));
    }
    return WorkerProcess.workerd(NpmProject.newest(), configuration, Map.of());
  }

  private static HttpResponse<String> send(
      WorkerProcess worker, String method, String path, String body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(worker.uri().resolve(path))
            .method(method, BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return worker.send(request);
  }

  private static HttpResponse<String> get(WorkerProcess worker, String path, String... headers) {
    return send(worker, "GET", path, "", headers);
  }

  private static String header(HttpResponse<String> response, String name) {
    return response.headers().firstValue(name).orElse("");
  }

  @Test
  void eachExampleIsTestedAndListed() throws IOException {
    try (Stream<Path> entries = Files.list(EXAMPLES)) {
      List<String> names =
          entries.filter(Files::isDirectory).map(each -> each.getFileName().toString()).toList();
      String list = Files.readString(EXAMPLES.resolve("README.md"));
      assertThat(names)
          .containsExactlyInAnyOrder(
              "analytics",
              "bulk-import",
              "cache",
              "config",
              "event-log",
              "feature-flags",
              "localization",
              "rate-limiter",
              "redirects",
              "sessions",
              "static-site")
          .allSatisfy(name -> assertThat(list).contains("(" + name + "/README.md)"));
    }
  }

  @Test
  void aSessionLastsFromLoginToLogout() throws IOException {
    try (WorkerProcess worker = run("sessions")) {
      assertThat(get(worker, "/me").statusCode()).isEqualTo(401);
      assertThat(send(worker, "POST", "/login", "{}").statusCode()).isEqualTo(400);

      String set = header(send(worker, "POST", "/login", "{\"user\":\"ada\"}"), "Set-Cookie");
      assertThat(set).contains("HttpOnly", "Secure", "SameSite=Lax", "Max-Age=3600");
      String cookie = set.substring(0, set.indexOf(';'));
      assertThat(get(worker, "/me", "Cookie", "x=1; " + cookie).body())
          .contains("\"user\":\"ada\"");

      send(worker, "POST", "/logout", "", "Cookie", cookie);
      assertThat(get(worker, "/me", "Cookie", cookie).statusCode()).isEqualTo(401);
    }
  }

  @Test
  void aStalePageIsServedWhileANewOneIsFetched() throws IOException {
    try (WorkerProcess worker = run("cache")) {
      HttpResponse<String> first = get(worker, "/page");
      assertThat(header(first, "X-Cache")).isEqualTo("miss");
      HttpResponse<String> later = get(worker, "/page");
      assertThat(later.body()).isEqualTo(first.body());
      while (header(later, "X-Cache").equals("fresh")) {
        LockSupport.parkNanos(50_000_000);
        later = get(worker, "/page");
      }
      assertThat(header(later, "X-Cache")).isEqualTo("stale");
      assertThat(later.body()).isEqualTo(first.body());
      while (later.body().equals(first.body())) {
        LockSupport.parkNanos(50_000_000);
        later = get(worker, "/page");
      }
      assertThat(header(later, "X-Cache")).isNotEqualTo("miss");
    }
  }

  @Test
  void aFlagIsOnForItsUsersAndForAShareOfTheOthers() throws IOException {
    try (WorkerProcess worker = run("feature-flags")) {
      send(worker, "PUT", "/flags/half", "{\"users\":[\"ada\"],\"percent\":50}");
      send(worker, "PUT", "/flags/none", "{\"percent\":0}");
      send(worker, "PUT", "/flags/off", "{\"enabled\":false,\"percent\":100}");
      assertThat(send(worker, "PUT", "/flags/bad", "{\"percent\":101}").statusCode())
          .isEqualTo(400);

      assertThat(get(worker, "/flags?user=ada").body())
          .isEqualTo("{\"half\":true,\"none\":false,\"off\":false}");
      int on = 0;
      for (int i = 0; i < 200; i++) {
        String flags = get(worker, "/flags?user=user" + i).body();
        on += flags.contains("\"half\":true") ? 1 : 0;
        assertThat(get(worker, "/flags?user=user" + i).body()).isEqualTo(flags);
      }
      assertThat(on).isBetween(60, 140);
    }
  }

  @Test
  void refusesTheSixthRequestOfAClient() throws IOException {
    try (WorkerProcess worker = run("rate-limiter")) {
      int allowed = 0;
      HttpResponse<String> last = get(worker, "/", "X-Client", "me");
      while (last.statusCode() == 200) {
        allowed++;
        last = get(worker, "/", "X-Client", "me");
      }
      assertThat(allowed).isBetween(5, 10);
      assertThat(last.statusCode()).isEqualTo(429);
      assertThat(Integer.parseInt(header(last, "Retry-After"))).isBetween(0, 60);
      assertThat(get(worker, "/", "X-Client", "another client").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void settingsHaveDefaultsAndTypesAndAnAdmin() throws IOException {
    try (WorkerProcess worker = run("config")) {
      assertThat(worker.get("/")).isEqualTo("{\"greeting\":\"hello\",\"itemsPerPage\":20}");
      String path = "/admin/config/greeting";
      assertThat(send(worker, "PUT", path, "\"x\"").statusCode()).isEqualTo(401);
      assertThat(send(worker, "PUT", path, "5", "Authorization", ADMIN).statusCode())
          .isEqualTo(400);
      send(worker, "PUT", path, "\"good morning\"", "Authorization", ADMIN);
      assertThat(worker.get("/")).contains("good morning");
      send(worker, "PUT", "/admin/config/maintenance", "true", "Authorization", ADMIN);
      assertThat(get(worker, "/").statusCode()).isEqualTo(503);
    }
  }

  @Test
  void listsTheNewestEventsFirst() throws IOException {
    try (WorkerProcess worker = run("event-log")) {
      for (String event : List.of("first", "second", "x".repeat(2000))) {
        assertThat(send(worker, "POST", "/", event).statusCode()).isEqualTo(201);
        long sent = System.currentTimeMillis();
        while (System.currentTimeMillis() == sent) {
          Thread.onSpinWait();
        }
      }
      assertThat(worker.get("/?limit=2"))
          .matches("(?s)\\{\"events\":\\[\\{.*\"x{2000}\"\\},.*\"second\"\\}\\],\"cursor\":.*");
    }
  }

  @Test
  void countsEachView() throws IOException {
    try (WorkerProcess worker = run("analytics")) {
      for (int i = 0; i < 30; i++) {
        get(worker, "/hit?page=" + (i % 3 == 0 ? "/a" : "/b"));
      }
      String report = worker.get("/report");
      while (!report.endsWith("\"views\":{\"/a\":10,\"/b\":20}}")
          && !report.endsWith("\"views\":{\"/b\":20,\"/a\":10}}")) {
        assertThat(worker.output()).doesNotContain("error");
        report = worker.get("/report");
      }
    }
  }

  @Test
  void storesOrRefusesEachLine() throws IOException {
    try (WorkerProcess worker = run("bulk-import")) {
      var lines = new StringBuilder();
      for (int i = 0; i < 200; i++) {
        lines
            .append("{\"key\":\"k")
            .append(i)
            .append("\",\"value\":{\"n\":")
            .append(i)
            .append("}}\n");
      }
      lines.append("nonsense\n{\"key\":\"\",\"value\":\"\"}\n{\"key\":\"last\",\"value\":\"é\"}");

      assertThat(send(worker, "POST", "/", lines.toString()).body())
          .startsWith("{\"stored\":201,\"refused\":[{\"line\":201,")
          .contains("{\"line\":202,\"why\":\"Key name cannot be empty.\"}");
      assertThat(worker.get("/k199")).isEqualTo("{\"n\":199}");
      assertThat(worker.get("/last")).isEqualTo("é");
    }
  }

  @Test
  void filesHaveTheirTypes() throws IOException {
    try (WorkerProcess worker = run("static-site")) {
      assertThat(send(worker, "PUT", "/index.html", "<p>").statusCode()).isEqualTo(401);
      String[] headers = {"Authorization", ADMIN, "Content-Type", "text/html"};
      assertThat(send(worker, "PUT", "/index.html", "<p>é", headers).statusCode()).isEqualTo(201);

      HttpResponse<String> page = get(worker, "/");
      assertThat(page.body()).isEqualTo("<p>é");
      assertThat(header(page, "Content-Type")).isEqualTo("text/html");
      assertThat(get(worker, "/", "If-None-Match", header(page, "ETag")).statusCode())
          .isEqualTo(304);
      assertThat(get(worker, "/missing").statusCode()).isEqualTo(404);
    }
  }

  @Test
  void redirectsAVisitorAlwaysToTheSameTarget() throws IOException {
    try (WorkerProcess worker = run("redirects")) {
      assertThat(get(worker, "/go").statusCode()).isEqualTo(404);
      assertThat(send(worker, "PUT", "/go", "{\"a\":\"nowhere\"}").statusCode()).isEqualTo(400);
      String rule = "{\"a\":\"https://a.example/\",\"b\":\"https://b.example/\",\"share\":50}";
      send(worker, "PUT", "/go", rule);

      HttpResponse<String> first = get(worker, "/go?q=1");
      assertThat(first.statusCode()).isEqualTo(302);
      assertThat(header(first, "Location")).matches("https://[ab]\\.example/\\?q=1");
      for (String variant : List.of("a", "b")) {
        for (int i = 0; i < 10; i++) {
          assertThat(header(get(worker, "/go", "Cookie", "variant=" + variant), "Location"))
              .isEqualTo("https://" + variant + ".example/");
        }
      }
    }
  }

  @Test
  void returnsTextsInTheBestAvailableLanguage() throws IOException {
    try (WorkerProcess worker = run("localization")) {
      send(worker, "PUT", "/de", "{\"hello\":\"Guten Tag\"}");
      send(worker, "PUT", "/en", "{\"hello\":\"Hello\",\"bye\":\"Bye\"}");

      assertThat(get(worker, "/hello", "Accept-Language", "fr, de-AT;q=0.8, en;q=0.5").body())
          .isEqualTo("Guten Tag\n");
      assertThat(get(worker, "/bye", "Accept-Language", "de").body()).isEqualTo("Bye\n");
      assertThat(get(worker, "/hello").body()).isEqualTo("Hello\n");
      assertThat(get(worker, "/none").statusCode()).isEqualTo(404);
    }
  }
}
