package selvedge.verification.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import selvedge.model.Bytes;
import selvedge.server.metrics.AlertRule;
import selvedge.verification.process.Command;
import selvedge.verification.process.Launch;
import selvedge.verification.process.Polling;
import selvedge.verification.process.PreloadedMachine;
import selvedge.verification.process.Relay;
import selvedge.verification.process.RestClient;
import selvedge.verification.process.ServerProcess;
import selvedge.verification.process.Servers;
import selvedge.verification.tls.Authority;
import tools.jackson.databind.JsonNode;

/**
 * Faults of an origin and its edge, one after another, which a reader of nothing but the logs and
 * the alerts must name.
 */
@Tag("soak")
final class NamedFaultsTest {
  private static final String ROOT = "root-token-of-the-test-of-faults";
  private static final String HOST = "127.0.0.1";
  private static final int DISK_MEBIBYTES = 512;
  private static final int RESERVE_BYTES = 32 << 20;
  private static final int KEYS = 400;
  private static final int VALUE_BYTES = 200;
  private static final int LINES_MAX = 6;
  private static final Duration QUARTER = Duration.ofDays(90);
  private static final Duration WEEK = Duration.ofDays(7);

  private final Authority authority = new Authority("faults");
  @RegisterExtension final Servers servers = new Servers();
  @TempDir Path folder;
  private SmallDisk disk;
  private PreloadedMachine originMachine;
  private PreloadedMachine edgeMachine;
  private ServerProcess origin;
  private ServerProcess edge;
  private Relay line;
  private RestClient client;
  private String namespace;
  private String edgeToken;
  private String edgeTokenId;

  @SuppressWarnings("NullAway") // set before the test
  NamedFaultsTest() {}

  @BeforeEach
  void start() throws Exception {
    disk = SmallDisk.ext4(folder.resolve("disk"), DISK_MEBIBYTES);
    originMachine =
        PreloadedMachine.withoutRecord(folder.resolve("origin-machine"), disk.directory());
    edgeMachine = PreloadedMachine.withoutRecord(folder.resolve("edge-machine"), edgeData());
    certify(QUARTER);
    startOrigin();
    namespace = client.createNamespace("orders");
    List<Stamp> orders = new ArrayList<>();
    for (int i = 0; i < KEYS; i++) {
      orders.add(new Stamp("order" + i, i, VALUE_BYTES));
    }
    client.bulkPut(namespace, Pairs.json(orders)).ok();
    createToken();
    line = Relay.to(origin.address(), Duration.ZERO);
    startEdge();
  }

  private void createToken() {
    JsonNode token =
        client
            .send(
                "POST",
                "/v1/tokens",
                BodyPublishers.ofString("{\"name\":\"fra\",\"grant\":\"replicate\"}"))
            .ok()
            .json();
    edgeToken = token.path("secret").asString();
    edgeTokenId = token.path("id").asString();
  }

  private Path data() {
    return disk.directory().resolve("data");
  }

  private Path edgeData() {
    return folder.resolve("edge");
  }

  /** Issues a certificate for the edge that is valid for the given time. */
  private void certify(Duration time) {
    authority.issueFor(time, HOST).write(folder.resolve("cert.pem"), folder.resolve("key.pem"));
  }

  private void startOrigin() {
    Launch launch =
        Launch.on(data())
            .with("--root-token", ROOT)
            .limit("disk-reserve-bytes", RESERVE_BYTES)
            .on(originMachine);
    origin = servers.start(origin == null ? launch : launch.listen(origin.address().getPort()));
    client = new RestClient(origin.uri(), HttpClient.Version.HTTP_1_1, ROOT);
  }

  private void startEdge() throws Exception {
    edge =
        servers.start(
            Launch.on(edgeData())
                .follow(line.uri(), "fra")
                .with("--origin-token", edgeToken)
                .with("--tls-cert", folder.resolve("cert.pem").toString())
                .with("--tls-key", folder.resolve("key.pem").toString())
                .on(edgeMachine));
    awaitEdge();
  }

  private void awaitEdge() throws Exception {
    origin.awaitLog("the edge fra follows this server");
    Polling.await("the edge", () -> findings(edgeData()).isEmpty());
  }

  @AfterEach
  void stop() throws Exception {
    client.close();
    line.close();
    origin.close();
    edge.close();
    disk.close();
  }

  /**
   * Returns the rules that fire at a server by its metrics. The small disk of the test is left out.
   */
  private static Set<AlertRule> findings(Path data) {
    String text = Command.run("doctor", "--data", data.toString()).text();
    return Arrays.stream(AlertRule.values())
        .filter(rule -> rule != AlertRule.SELVEDGE_DISK_LOW && text.contains(rule.summary()))
        .collect(Collectors.toCollection(() -> EnumSet.noneOf(AlertRule.class)));
  }

  private Set<AlertRule> findings() {
    Set<AlertRule> all = findings(data());
    all.addAll(findings(edgeData()));
    return all;
  }

  private static String since(String log, String before) {
    return log.startsWith(before) ? log.substring(before.length()) : log;
  }

  /** Makes a fault, waits until the logs and the rules name it, and repairs it. */
  private void check(NamedFault fault, Step cause, Step repair) throws Exception {
    Set<AlertRule> rulesBefore = findings();
    String originBefore = origin.log();
    String edgeBefore = edge.log();
    cause.run();
    Polling.await(
        fault + " in a log",
        () ->
            !fault.lines(since(origin.log(), originBefore)).isEmpty()
                || !fault.lines(since(edge.log(), edgeBefore)).isEmpty());
    Polling.await(fault + " in the metrics", () -> findings().containsAll(fault.rules()));

    String log = since(origin.log(), originBefore) + "\n" + since(edge.log(), edgeBefore);
    assertThat(named(log)).as(log).isEqualTo(fault);
    assertThat(fault.lines(log)).hasSizeBetween(1, LINES_MAX);
    repair.run();
    Set<AlertRule> left = EnumSet.copyOf(fault.rules());
    left.removeAll(rulesBefore);
    left.remove(AlertRule.SELVEDGE_COMMITS_FAIL); // It remembers ten minutes.
    Polling.await("the end of " + fault, () -> findings().stream().noneMatch(left::contains));
  }

  /** Returns the first fault of the table that a line of the log names. */
  private static NamedFault named(String log) {
    return Stream.of(NamedFault.values())
        .filter(each -> !each.lines(log).isEmpty())
        .findFirst()
        .orElseThrow();
  }

  private interface Step {
    void run() throws Exception;
  }

  @Test
  void aReaderOfLogsAndMetricsNamesEachFault() throws Exception {
    check(NamedFault.EDGE_CUT_OFF, line::cut, line::restore);
    check(
        NamedFault.CLOCK_AHEAD,
        () -> edgeMachine.skew(Duration.ofHours(2)),
        () -> edgeMachine.skew(Duration.ZERO));
    check(NamedFault.CERTIFICATE_EXPIRES, () -> certify(WEEK), () -> certify(QUARTER));
    check(
        NamedFault.DISK_FAILS,
        () -> {
          originMachine.fail(1000);
          client.put(namespace, "order0", Bytes.utf8("another value"));
        },
        () -> originMachine.fail(0));
    check(
        NamedFault.FILE_SYSTEM_READ_ONLY,
        () -> {
          originMachine.readOnly(true);
          client.put(namespace, "order0", Bytes.utf8("another value"));
        },
        () -> originMachine.readOnly(false));
    check(NamedFault.DISK_FULL, () -> disk.fill(1 << 20), () -> Files.delete(filler()));
    damage();
    check(NamedFault.FILE_DAMAGED, this::read, this::restore);
    check(NamedFault.TOKEN_REVOKED, this::revoke, this::replaceToken);
  }

  private Path filler() {
    return disk.directory().resolve("of-another-program");
  }

  private Path table() throws Exception {
    try (Stream<Path> files = Files.list(data().resolve("store/db"))) {
      return files
          .filter(file -> file.toString().endsWith(".sst"))
          .max(Comparator.comparingLong(file -> file.toFile().length()))
          .orElseThrow();
    }
  }

  private void damage() throws Exception {
    assertThat(origin.terminate()).isZero();
    Path table = table();
    Files.copy(table, folder.resolve(table.getFileName()));
    byte[] bytes = Files.readAllBytes(table);
    bytes[bytes.length / 4] ^= 1;
    Files.write(table, bytes);
    client.close();
    startOrigin();
    awaitEdge();
  }

  /** Reads all entries, also those in the damaged block. */
  private void read() {
    for (int i = 0; i < KEYS; i++) {
      client.get(namespace, "order" + i);
    }
  }

  private void restore() throws Exception {
    assertThat(origin.terminate()).isZero();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(each -> each.toString().endsWith(".sst")).toList()) {
        Files.write(
            data().resolve("store/db").resolve(file.getFileName()), Files.readAllBytes(file));
      }
    }
    client.close();
    startOrigin();
    awaitEdge();
  }

  private void replaceToken() throws Exception {
    createToken();
    assertThat(edge.terminate()).isZero();
    startEdge();
  }

  private void revoke() {
    Command.run("token", "revoke", edgeTokenId, "--data", data().toString()).ok();
  }
}
