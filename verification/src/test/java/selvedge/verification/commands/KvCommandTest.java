package selvedge.verification.commands;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import selvedge.model.Bytes;
import selvedge.verification.process.Command;
import selvedge.verification.process.Launch;
import selvedge.verification.process.LocalServer;
import selvedge.verification.process.Polling;
import selvedge.verification.process.ProcessResult;
import selvedge.verification.process.Program;
import selvedge.verification.process.Relay;
import selvedge.verification.process.Reply;
import selvedge.verification.process.RestClient;
import selvedge.verification.process.Servers;
import selvedge.verification.process.SharedServer;

/** {@code selvedge kv} and {@code selvedge context} against a running server. */
final class KvCommandTest {
  private static final int COPIED = Integer.getInteger("copied", 5_000);
  private static final String TOKEN = "0123456789abcdef0123456789abcdef";
  private static final Duration TIMEOUT = Duration.ofMinutes(2);

  @RegisterExtension static final SharedServer SERVER = new SharedServer("--root-token", TOKEN);
  @RegisterExtension final Servers servers = new Servers();
  @TempDir static Path home;
  @TempDir Path folder;

  /** The commands keep their contexts and checkpoints there. */
  @BeforeAll
  static void setHome() {
    System.setProperty("selvedge.home", home.toString());
  }

  private static ProcessResult kv(String... arguments) {
    List<String> all = new ArrayList<>(List.of("kv"));
    all.addAll(List.of(arguments));
    all.addAll(List.of("--server", SERVER.process().uri().toString(), "--token", TOKEN));
    return Command.run(all.toArray(String[]::new));
  }

  private static String create(String title) {
    return kv("namespace", "create", title).ok().text().strip();
  }

  private static List<String> titles() {
    try (RestClient client = SERVER.client(TOKEN)) {
      return client.titles();
    }
  }

  private static void put(String id, String key, Bytes value, String... headers) {
    try (RestClient client = SERVER.client(TOKEN)) {
      assertThat(client.put(id, key, value, headers).status()).isEqualTo(200);
    }
  }

  private static Bytes get(String id, String key) {
    try (RestClient client = SERVER.client(TOKEN)) {
      return client.get(id, key).body();
    }
  }

  private Path file(String name, String... lines) throws IOException {
    return Files.write(folder.resolve(name), List.of(lines));
  }

  @Test
  void namespacesAreListedRenamedAndDeleted() {
    String id = create("first");
    kv("namespace", "rename", id, "second").ok();

    assertThat(kv("namespace", "list").ok().text()).contains("second  ").contains(id);
    assertThat(kv("namespace", "list", "-o", "json").ok().text()).contains("\"title\":\"second\"");

    kv("namespace", "delete", "second").ok();
    assertThat(titles()).doesNotContain("second", "first");
  }

  @Test
  void aWrongNamespaceIsAnErrorAndCreatesNothing() {
    ProcessResult said = kv("key", "put", "-n", "mistyped", "a", "1");

    assertThat(said.exit()).isEqualTo(1);
    assertThat(said.errors()).startsWith("selvedge: ");
    assertThat(titles()).doesNotContain("mistyped");
  }

  @Test
  void keysArePutReadListedAndDeleted() throws IOException {
    String id = create("keys");
    kv("key", "put", "-n", "keys", "a", "1", "--metadata", "{\"x\":1}", "--ttl", "3600").ok();
    kv("key", "put", "--namespace-id", id, "b", "--path", file("value", "text").toString()).ok();

    assertThat(kv("key", "get", "-n", "keys", "a", "-o", "json").ok().text())
        .contains("\"value\":\"1\"", "\"metadata\":{\"x\":1}", "\"expires\":");
    assertThat(kv("key", "exists", "-n", "keys", "b").exit()).isZero();
    assertThat(kv("key", "exists", "-n", "keys", "c").exit()).isEqualTo(1);
    assertThat(kv("key", "get", "-n", "keys", "c").errors()).isEqualTo("selvedge: no key c\n");
    assertThat(kv("count", "-n", "keys").ok().text()).isEqualTo("2\n");
    assertThat(kv("key", "list", "-n", "keys").ok().text().lines().map(line -> line.charAt(0)))
        .containsExactly('K', 'a', 'b');
    assertThat(kv("key", "list", "-n", "keys", "--limit", "1").ok().errors())
        .isEqualTo("there are more keys; --limit 0 lists all\n");

    assertThat(kv("key", "put", "-n", "keys", "a", "2", "--if-absent").exit()).isEqualTo(1);
    assertThat(kv("key", "delete", "-n", "keys", "a", "--if-version", "1").errors())
        .startsWith("selvedge: not changed: a has version ");
    kv("key", "delete", "-n", "keys", "a").ok();
    assertThat(kv("key", "exists", "-n", "keys", "a").exit()).isEqualTo(1);
  }

  @Test
  void aCountOfMoreKeysThanAScanMayReadIsThatOfTheServer() {
    LocalServer server =
        servers.startHere(Launch.on(folder.resolve("data")).limit("count-keys", 2));
    String address = server.uri().toString();
    try (RestClient client = server.client()) {
      String id = client.createNamespace("counted");
      for (int keys = 3; keys < 6; keys++) {
        client.bulkPut(id, "[" + pairs(keys) + "]").ok();
        assertThat(count(client, id).status()).isEqualTo(413);

        ProcessResult said = Command.run("kv", "count", "-n", "counted", "--server", address);

        assertThat(said.ok().text()).isEqualTo(keys + "\n");
      }
    }
  }

  private static String pairs(int count) {
    return IntStream.range(0, count)
        .mapToObj("{\"key\":\"k%d\",\"value\":\"\"}"::formatted)
        .collect(Collectors.joining(","));
  }

  private static Reply count(RestClient client, String id) {
    return ask(client, id, "count");
  }

  private static Reply ask(RestClient client, String id, String path) {
    String all = "/v1/namespaces/" + id + "/" + path + "?account=" + Launch.ACCOUNT;
    return client.send("GET", all, BodyPublishers.noBody());
  }

  @Test
  void filesOfWranglerArePutAndDeletedAndAWrongElementWritesNothing() throws IOException {
    String id = create("bulk");
    Path pairs =
        file(
            "pairs.json",
            "[{\"key\":\"a\",\"value\":\"1\",\"metadata\":{\"m\":true}},",
            "{\"key\":\"b\",\"value\":\"AP8=\",\"base64\":true,\"expiration_ttl\":600}]");
    Path wrong =
        file("wrong.json", "[{\"key\":\"c\",\"value\":\"1\"},{\"key\":\"d\",\"value\":2}]");
    Path names = file("names.json", "[\"a\",{\"name\":\"b\"}, \"missing\"]");

    assertThat(kv("bulk", "put", "-n", "bulk", pairs.toString()).ok().text())
        .isEqualTo("put 2 keys\n");
    assertThat(get(id, "b")).isEqualTo(Bytes.copyOf(new byte[] {0, -1}));
    assertThat(kv("bulk", "put", "-n", "bulk", wrong.toString()).errors())
        .isEqualTo("selvedge: nothing was written: element 2: the member value must be text\n");
    assertThat(kv("count", "-n", "bulk").text()).isEqualTo("2\n");

    assertThat(kv("bulk", "get", "-n", "bulk", names.toString()).ok().text())
        .contains("{\"m\":true}", "\"AP8=\"", "\"missing\" : null");
    kv("bulk", "delete", "-n", "bulk", names.toString()).ok();
    assertThat(kv("count", "-n", "bulk").text()).isEqualTo("0\n");
  }

  @Test
  void anExportIsImportedAsItWas() throws IOException {
    String id = create("exported");
    put(id, "text", Bytes.utf8("grün"), "CF-KV-Metadata", "{\"a\":[1,null]}");
    put(id, "binary", Bytes.copyOf(new byte[] {0, -1, 1}));
    put(id, "large", Bytes.copyOf(new byte[300_000]));
    kv("key", "put", "-n", "exported", "expiring", "x", "--ttl", "1000").ok();
    for (String name : List.of("all.ndjson", "all.ndjson.gz")) {
      Path file = folder.resolve(name);
      String title = "imported " + name;
      create(title);

      kv("export", "-n", "exported", file.toString()).ok();
      kv("import", "-n", title, file.toString()).ok();

      assertThat(kv("compare", "--from", "exported", "--to", title).ok().text())
          .isEqualTo("equal: 4 keys\n");
      assertThat(folder.resolve(name + ".part")).doesNotExist();
    }
  }

  @Test
  void anExportThatIsKilledGoesOnAndHasEachRowOnce() throws Exception {
    create("long");
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < 20_000; i++) {
      rows.add("{\"key\":\"k%05d\",\"value\":\"%s\"}".formatted(i, "v".repeat(100)));
    }
    kv("import", "-n", "long", Files.write(folder.resolve("long"), rows).toString()).ok();
    Path file = folder.resolve("long.ndjson.gz");
    Path part = folder.resolve("long.ndjson.gz.part");
    Program export =
        program(
            with(
                new String[] {"--server", SERVER.process().uri().toString(), "--token", TOKEN},
                "kv",
                "export",
                "-n",
                "long",
                file.toString()));

    Process first = start(export);
    Path state = home.resolve("state/selvedge/transfers");
    Polling.await(
        "a part of the file has a checkpoint",
        () -> Files.exists(file) || (Files.exists(part) && state.toFile().list() != null));
    first.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
    export.run(TIMEOUT).ok();

    try (var lines =
        new BufferedReader(
            new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
      assertThat(lines.lines().map(line -> line.substring(8, 14)))
          .containsExactlyElementsOf(
              IntStream.range(0, 20_000).mapToObj("k%05d"::formatted).toList());
    }
    assertThat(part).doesNotExist();
  }

  @Test
  void aFileThatCannotBeReadOrWrittenIsNamedWithTheReason() {
    create("files");
    Path missing = folder.resolve("missing/rows");

    assertThat(kv("import", "-n", "files", missing + "").errors())
        .isEqualTo("selvedge: cannot read " + missing + ": no such file\n");
    assertThat(kv("export", "-n", "files", missing + "").errors())
        .isEqualTo("selvedge: cannot write " + missing + ": no such file\n");
  }

  @Test
  void zstdIsRefusedWithTheLineToType() throws IOException {
    create("packed");
    Path file = folder.resolve("rows.zst");
    Files.write(file, new byte[] {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, 0});

    assertThat(kv("export", "-n", "packed", file.toString()).errors())
        .contains("selvedge kv export -n packed - | zstd -o " + file);
    assertThat(kv("import", "-n", "packed", file.toString()).errors())
        .contains("zstd -dc " + file + " | selvedge kv import -n packed -");
  }

  @Test
  void comparisonsNameEachDifference() {
    for (String title : List.of("one", "other")) {
      create(title);
      kv("key", "put", "-n", title, "same", "1", "--metadata", "{\"a\":1}").ok();
      kv("key", "put", "-n", title, "value", title).ok();
    }
    kv("key", "put", "-n", "one", "metadata", "1", "--metadata", "1").ok();
    kv("key", "put", "-n", "other", "metadata", "1", "--ttl", "1000").ok();
    kv("key", "put", "-n", "one", "left", "1").ok();
    kv("key", "put", "-n", "other", "right", "1").ok();

    ProcessResult said = kv("compare", "--from", "one", "--to", "other");

    assertThat(said.exit()).isEqualTo(1);
    assertThat(said.text().lines())
        .containsExactly(
            "only in --from  left",
            "differs: metadata, expiry  metadata",
            "only in --to  right",
            "differs: value  value",
            "different: 4 keys; equal: 1");
  }

  @Test
  void wrongRowsAreListedWithTheirLineAndTheRestIsImported() throws IOException {
    create("rows");
    Path file =
        file(
            "rows.ndjson",
            "{\"key\":\"a\",\"value\":\"1\"}",
            "{\"key\":\"\",\"value\":\"1\"}",
            "no json",
            "",
            "{\"key\":\"b\",\"value\":\"!\",\"base64\":true}",
            "{\"key\":\"c\",\"value\":\"1\",\"expires\":1000}",
            "{\"key\":\"d\",\"value\":\"1\"}");

    assertThat(kv("import", "-n", "rows", file.toString(), "--atomic-check").exit()).isEqualTo(1);
    assertThat(kv("import", "-n", "rows", file.toString(), "--dry-run").text())
        .isEqualTo("4 rows are right, 3 are wrong; nothing was written\n".replace("4", "3"));
    assertThat(kv("count", "-n", "rows").text()).isEqualTo("0\n");

    ProcessResult said = kv("import", "-n", "rows", file.toString());
    assertThat(said.exit()).isEqualTo(1);
    assertThat(said.errors()).contains("line 2: ", "line 3: ", "line 5: ");
    assertThat(kv("key", "exists", "-n", "rows", "a").exit()).isZero();
    assertThat(kv("key", "exists", "-n", "rows", "d").exit()).isZero();

    put(create("kept"), "a", Bytes.utf8("old"));
    kv("import", "-n", "kept", file.toString(), "--existing", "keep");
    assertThat(kv("key", "get", "-n", "kept", "a", "-o", "json").text()).contains("\"old\"");
  }

  @Test
  void watchPrintsChanges() {
    String id = create("watched");
    String before =
        kv("key", "put", "-n", "watched", "first", "1").ok().text().strip().replace("version ", "");
    put(id, "a", Bytes.utf8("1"));
    kv("key", "delete", "-n", "watched", "a").ok();

    ProcessResult said =
        kv("watch", "-n", "watched", "--after", before, "--count", "2", "-o", "json");

    assertThat(said.ok().text().lines().toList())
        .satisfiesExactly(
            line ->
                assertThat(line).contains("\"type\":\"put\"", "\"key\":\"a\"", "\"value\":\"1\""),
            line -> assertThat(line).contains("\"type\":\"delete\"", "\"key\":\"a\""));
  }

  @Test
  void anOlderVersionIsRestoredWithItsMetadata() {
    create("versions");
    String first =
        kv("key", "put", "-n", "versions", "a", "one", "--metadata", "{\"v\":1}")
            .ok()
            .text()
            .strip()
            .replace("version ", "");
    kv("key", "put", "-n", "versions", "a", "two").ok();

    assertThat(kv("history", "-n", "versions", "a").ok().text().lines().toList())
        .satisfiesExactly(
            line -> assertThat(line).startsWith("VERSION"),
            line -> assertThat(line).startsWith(first).contains("put", "{\"v\":1}"),
            line -> assertThat(line).contains("put"),
            line -> assertThat(line).startsWith("complete: "));
    kv("restore", "-n", "versions", "a", "--version", first).ok();
    assertThat(kv("key", "get", "-n", "versions", "a", "-o", "json").ok().text())
        .contains("\"value\":\"one\"", "\"metadata\":{\"v\":1}");
  }

  @Test
  void theServiceIsCopiedInBothDirectionsWhileItAnswers429() throws Exception {
    String id = create("service");
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < 1500; i++) {
      rows.add("{\"key\":\"k" + i + "\",\"value\":\"v" + i + "\",\"metadata\":{\"i\":" + i + "}}");
    }
    kv("import", "-n", "service", Files.write(folder.resolve("in"), rows).toString()).ok();
    put(id, "binary", Bytes.copyOf(new byte[] {0, -1, (byte) 0xc3}));
    put(id, "replaced", Bytes.utf8("a\uFFFDb"));
    create("copied");
    Path token = Files.writeString(folder.resolve("token"), TOKEN);
    try (var service = new RateLimitedApi(SERVER.process().uri(), 10)) {
      String[] common = {
        "--cloudflare-api", service.api(), "--cloudflare-token-file", token.toString()
      };
      String there = "cloudflare:" + Launch.ACCOUNT + "/" + id;

      kv(with(common, "copy", "--from", there, "--to", "copied")).ok();
      assertThat(service.refused()).as("requests answered with 429").isPositive();
      assertThat(kv("compare", "--from", "service", "--to", "copied").ok().text())
          .isEqualTo("equal: 1502 keys\n");

      String back = create("back");
      kv("key", "put", "-n", "copied", "soon", "x", "--ttl", "20").ok();
      ProcessResult said =
          kv(with(common, "copy", "--from", "copied", "--to", there.replace(id, back)));
      assertThat(said.exit()).isEqualTo(1);
      assertThat(said.errors()).contains("soon: it expires at ", "1 keys were not copied");
      kv("key", "delete", "-n", "copied", "soon").ok();
      assertThat(
              kv(with(common, "compare", "--from", there.replace(id, back), "--to", "copied"))
                  .ok()
                  .text())
          .isEqualTo("equal: 1502 keys\n");
    }
  }

  private static String[] with(String[] common, String... first) {
    List<String> all = new ArrayList<>(List.of(first));
    all.addAll(List.of(common));
    return all.toArray(String[]::new);
  }

  /** The soak profile copies 100,000 keys. */
  @Test
  void aCopyToAnotherServerThatIsKilledGoesOn() throws Exception {
    LocalServer other = servers.startHere(Launch.on(folder.resolve("data")));
    InetSocketAddress target = new InetSocketAddress(other.uri().getHost(), other.uri().getPort());
    try (Relay line = Relay.to(target, Duration.ZERO);
        RestClient client = other.client()) {
      String id = client.createNamespace("target");
      create("source");
      context("old", "--server", SERVER.process().uri().toString(), "--token", TOKEN);
      context("new", "--server", line.uri().toString());
      long expires = Instant.now().toEpochMilli() / 1000 * 1000 + 3_600_123;
      importNumbered("source", expires);
      Program copy = program("kv", "copy", "--from", "old:source", "--to", "new:target");

      // So slow that half of the keys is copied when the command is killed.
      line.throttle(COPIED * 20L);
      Process first = start(copy);
      Polling.await("half of the keys is copied", () -> counted(client, id) >= COPIED / 2);
      first.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
      assertThat(counted(client, id)).isLessThan(COPIED);

      line.throttle(Duration.ofSeconds(1).toNanos());
      assertThat(copy.run(TIMEOUT).ok().text())
          .contains("continuing behind ", "copied " + COPIED + " keys");
      assertThat(
              program("kv", "compare", "--from", "old:source", "--to", "new:target")
                  .run(TIMEOUT)
                  .ok()
                  .text())
          .isEqualTo("equal: " + COPIED + " keys\n");
      assertThat(ask(client, id, "values/k0000007").ok().header("Selvedge-Expires"))
          .isEqualTo(Long.toString(expires + 7));
    }
  }

  private static long counted(RestClient client, String id) {
    return count(client, id).ok().json().path("count").asLong();
  }

  private void importNumbered(String title, long expires) throws IOException {
    Path file = folder.resolve("rows");
    try (var rows = new PrintWriter(file.toFile(), StandardCharsets.UTF_8)) {
      for (int i = 0; i < COPIED; i++) {
        rows.println(
            "{\"key\":\"k%07d\",\"value\":\"%s\",\"metadata\":%d,\"expires\":%d}"
                .formatted(i, "v".repeat(100), i, expires + i));
      }
    }
    kv("import", "-n", title, file.toString()).ok();
  }

  private void context(String name, String... options) {
    program(with(options, "context", "set", name)).run(TIMEOUT).ok();
  }

  /** Returns a command in a process of its own, which keeps its contexts and checkpoints. */
  private Program program(String... arguments) {
    return new Program(
        Launch.selvedge(folder, arguments).command(),
        folder,
        Map.of(
            "XDG_CONFIG_HOME",
            home.resolve("config").toString(),
            "XDG_STATE_HOME",
            home.resolve("state").toString()));
  }

  private static Process start(Program program) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(program.command())
            .directory(program.folder().toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD);
    builder.environment().putAll(program.environment());
    return builder.start();
  }

  @Test
  void aSavedContextHasServerAndTokenAndOldSpellingsWork() throws IOException {
    Path token = Files.writeString(folder.resolve("token"), TOKEN);
    Map<String, String> own = Map.of("XDG_CONFIG_HOME", folder.resolve("config").toString());
    String address = SERVER.process().uri().toString();
    new Program(
            Launch.selvedge(
                    folder,
                    "context",
                    "set",
                    "here",
                    "--server",
                    address,
                    "--token-file",
                    token.toString())
                .command(),
            folder,
            own)
        .run(TIMEOUT)
        .ok();
    Path file = folder.resolve("config/selvedge/contexts.json");
    assertThat(Files.getPosixFilePermissions(file)).hasSize(2);

    ProcessResult old =
        new Program(
                Launch.selvedge(folder, "kv:namespace", "create", "old spelling").command(),
                folder,
                own)
            .run(TIMEOUT)
            .ok();
    assertThat(old.errors()).isEqualTo("selvedge: kv:namespace is now written: kv namespace\n");
    assertThat(titles()).contains("old spelling");
  }

  @Test
  void aTerminalShowsEscapesAsText() throws IOException {
    String id = create("escapes");
    put(id, "\u001b[2Jkey", Bytes.utf8("\u001b]0;title\u0007value\n"));
    List<String> command =
        Launch.selvedge(
                folder,
                "kv",
                "key",
                "get",
                "-n",
                "escapes",
                "--server",
                SERVER.process().uri().toString(),
                "--token",
                TOKEN)
            .command();
    String quoted = "'" + String.join("' '", command) + "'";

    ProcessResult shown =
        new Program(
                List.of("script", "-qec", quoted + " $'\\x1b[2Jkey'", "/dev/null"),
                folder,
                Map.of("SHELL", "/bin/bash"))
            .run(TIMEOUT);

    assertThat(shown.text()).contains("\\u{1b}]0;title\\u{7}value").doesNotContain("\u001b]");
    assertThat(kv("key", "list", "-n", "escapes").ok().text()).contains("\\u{1b}[2Jkey");
    assertThat(Base64.getEncoder().encodeToString(get(id, "\u001b[2Jkey").toArray()))
        .isEqualTo("G10wO3RpdGxlB3ZhbHVlCg==");
  }
}
