package selvedge.verification.commands;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import selvedge.model.Bytes;
import selvedge.verification.process.Command;
import selvedge.verification.process.ProcessResult;

/** {@code selvedge kv} against other programs, and against servers of other releases. */
final class OtherReleasesTest {
  private static final String ID = "0123456789abcdef0123456789abcdef";
  private static final String NAMESPACE = "{\"id\":\"" + ID + "\",\"title\":\"sessions\"}";
  private static final String SESSION = "{\"guarded\":false,\"software\":\"7.8.9\"}";
  private static final String NO_ROUTE =
      "{\"error\":{\"code\":\"no_route\",\"message\":\"there is no such path\"}}";

  /** Stands for a frame of a type that this release does not know. */
  private static final String NEW_FRAME = "new frame";

  @TempDir static Path home;
  @TempDir Path folder;

  private HttpServer server;
  private String address = "";
  private Answers answers = path -> new Answer(404, NO_ROUTE);

  private record Answer(int status, String body) {
    byte[] bytes() {
      return body.equals(NEW_FRAME) ? frame((byte) 99) : body.getBytes(StandardCharsets.UTF_8);
    }
  }

  /** Returns a frame as docs/reference/replication.md describes them. */
  private static byte[] frame(byte... payload) {
    var checksum = new CRC32C();
    checksum.update(payload);
    return ByteBuffer.allocate(2 * Integer.BYTES + payload.length)
        .putInt(payload.length)
        .put(payload)
        .putInt((int) checksum.getValue())
        .array();
  }

  private interface Answers {
    Answer to(String path);
  }

  /** The commands keep their contexts and checkpoints there. */
  @BeforeAll
  static void setHome() {
    System.setProperty("selvedge.home", home.toString());
  }

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::handle);
    server.start();
    address = "http://127.0.0.1:" + server.getAddress().getPort();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private void handle(HttpExchange exchange) {
    try (exchange) {
      exchange.getRequestBody().readAllBytes();
      Answer answer = answers.to(exchange.getRequestURI().getRawPath());
      byte[] body = answer.bytes();
      exchange.getResponseHeaders().set("Selvedge-Namespace", ID);
      exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ProcessResult kv(List<String> arguments) {
    List<String> all = new ArrayList<>(List.of("kv"));
    all.addAll(arguments);
    all.addAll(List.of("--server", address));
    return Command.run(all.toArray(String[]::new));
  }

  private List<List<String>> everyCommand() throws IOException {
    String rows =
        Files.writeString(folder.resolve("rows"), "{\"key\":\"a\",\"value\":\"1\"}\n") + "";
    String keys = Files.writeString(folder.resolve("keys"), "[\"a\"]") + "";
    String pairs =
        Files.writeString(folder.resolve("pairs"), "[{\"key\":\"a\",\"value\":\"1\"}]") + "";
    return List.of(
        List.of("namespace", "list"),
        List.of("namespace", "create", "sessions"),
        List.of("namespace", "rename", "sessions", "other"),
        List.of("namespace", "delete", "sessions"),
        List.of("key", "get", "-n", "sessions", "a"),
        List.of("key", "put", "-n", "sessions", "a", "1"),
        List.of("key", "list", "-n", "sessions"),
        List.of("key", "exists", "-n", "sessions", "a"),
        List.of("key", "delete", "-n", "sessions", "a"),
        List.of("bulk", "get", "-n", "sessions", keys),
        List.of("bulk", "put", "-n", "sessions", pairs),
        List.of("bulk", "delete", "-n", "sessions", keys),
        List.of("import", "-n", "sessions", rows),
        List.of("export", "-n", "sessions", folder.resolve("export") + ""),
        List.of("copy", "--from", "sessions", "--to", "other"),
        List.of("compare", "--from", "sessions", "--to", "other"),
        List.of("watch", "-n", "sessions", "--count", "1"),
        List.of("count", "-n", "sessions"),
        List.of("history", "-n", "sessions", "a"),
        List.of("restore", "-n", "sessions", "a", "--version", "1"));
  }

  @Test
  void aProgramThatIsNoSelvedgeIsNamed() throws IOException {
    for (Answer answer :
        List.of(
            new Answer(200, "<html>It works</html>"),
            new Answer(404, "<html>not found</html>"),
            new Answer(404, ""),
            new Answer(405, "{\"detail\":\"method not allowed\"}"),
            new Answer(200, "{\"hello\":\"world\"}"),
            new Answer(200, "[]"))) {
      answers = _ -> answer;
      boolean isPage = answer.body().startsWith("<html>");
      for (List<String> command : isPage ? everyCommand() : everyCommand().subList(0, 2)) {
        ProcessResult result = kv(command);

        assertThat(result.exit()).as("%s: %s", answer, result).isEqualTo(1);
        assertThat(result.errors())
            .as("%s: %s", answer, result)
            .startsWith("selvedge: " + address + " is not a Selvedge server")
            .endsWith("set --server to the address of one\n")
            .hasLineCount(1);
        assertThat(result.out()).isEqualTo(Bytes.EMPTY);
      }
    }
  }

  private Answer known(String path) {
    return switch (path) {
      case "/v1/namespaces/sessions", "/v1/namespaces/other" -> new Answer(200, NAMESPACE);
      case "/v1/session" -> new Answer(200, SESSION);
      default -> new Answer(404, NO_ROUTE);
    };
  }

  /** Both releases are named, and what to do. */
  @Test
  void aServerWithoutAPathIsTooOld() throws IOException {
    answers = this::known;

    for (List<String> command : everyCommand()) {
      requireBothReleases(kv(command));
    }
  }

  private void requireBothReleases(ProcessResult result) {
    assertThat(result.exit()).as(result.toString()).isEqualTo(1);
    assertThat(result.errors())
        .as(result.toString())
        .contains("the server at " + address + " is of release 7.8.9, this command is of release ")
        .contains("use a command and a server of the same release\n")
        .doesNotContain("\tat ");
  }

  @Test
  void aServerThatHasNoSessionsIsASelvedgeToo() {
    answers = path -> path.equals("/v1/session") ? new Answer(404, NO_ROUTE) : known(path);

    assertThat(kv(List.of("history", "-n", "sessions", "a")).errors())
        .contains("the server at " + address + " is of release unknown, this command");
  }

  /** A newer server may answer in a form that this release does not know. */
  @Test
  void anAnswerOfAnUnknownFormIsFromAnotherRelease() {
    answers =
        path -> {
          Answer known = known(path);
          if (known.status() != 404) {
            return known;
          }
          boolean isFramed = path.endsWith("/keys") || path.endsWith("/feed");
          return new Answer(200, isFramed ? NEW_FRAME : "{\"rows\":\"in another form\"}\n");
        };

    for (List<String> command :
        List.of(
            List.of("namespace", "list"),
            List.of("count", "-n", "sessions"),
            List.of("key", "list", "-n", "sessions"),
            List.of("history", "-n", "sessions", "a"),
            List.of("watch", "-n", "sessions", "--count", "1"),
            List.of("export", "-n", "sessions", folder.resolve("out") + ""))) {
      requireBothReleases(kv(command));
    }
  }

  @Test
  void anAddressWithoutAProgramIsNamed() throws IOException {
    server.stop(0);

    for (List<String> command : everyCommand()) {
      assertThat(kv(command).errors())
          .as(command.toString())
          .isEqualTo(
              "selvedge: cannot reach the server at " + address + ": no program listens there\n");
    }
    assertThat(
            Command.run("kv", "count", "-n", "a", "--server", "http://no-such-name.invalid")
                .errors())
        .endsWith(": no machine has this name\n");
  }
}
