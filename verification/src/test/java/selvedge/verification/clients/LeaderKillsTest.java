package selvedge.verification.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import selvedge.client.Client;
import selvedge.client.ClientOptions;
import selvedge.client.RefusedException;
import selvedge.client.UncertainException;
import selvedge.model.AccountId;
import selvedge.model.Bytes;
import selvedge.model.Namespace;
import selvedge.model.Selvedge;
import selvedge.verification.ReliabilityRecord;
import selvedge.verification.clients.ClientAtWork.Outcome;
import selvedge.verification.process.Balancer;
import selvedge.verification.process.Launch;
import selvedge.verification.process.Polling;
import selvedge.verification.process.QuorumProcesses;
import selvedge.verification.process.Reply;
import selvedge.verification.process.RestClient;
import selvedge.verification.process.Servers;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Kills the leader of three voters while stock clients put keys: the Java client, which knows all
 * addresses, and through a load balancer the official SDK, a Worker on workerd, wrangler, and plain
 * HTTP without retries.
 *
 * <p>{@code -Dclient-kills=} sets the number of kills, {@code -Dkills-record=true} adds them to
 * {@code docs/reliability.md}.
 */
@Tag("soak")
final class LeaderKillsTest {
  private static final int KILLS = Integer.getInteger("client-kills", 3);
  private static final boolean RECORDED = Boolean.getBoolean("kills-record");
  private static final String WRANGLER = "wrangler";
  private static final String OUTCOMES = "## Kills of the leader";
  private static final String SILENCES = "## Silence after a kill of the leader";
  private static final long[] BOUNDS = {1000, 2000, 3000, 3500, 4000, 5000, 7500, 10_000};
  private static final JsonMapper JSON = new JsonMapper();
  private static final Duration DEADLINE = Duration.ofSeconds(30);

  @RegisterExtension final Servers servers = new Servers();
  @TempDir Path directory;

  private final Map<String, ClientAtWork> clients = new TreeMap<>();
  private final Map<String, List<Long>> silences = new TreeMap<>();
  private final List<AutoCloseable> open = new ArrayList<>();
  private final List<Long> elections = new ArrayList<>();
  private QuorumProcesses voters;
  private Balancer balancer;
  private String namespace = "";

  @SuppressWarnings("NullAway") // the test sets its fields when it starts
  LeaderKillsTest() {}

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open.reversed()) {
      each.close();
    }
  }

  @Test
  void clientsContinueAfterAKillOfTheLeader() throws Exception {
    voters = new QuorumProcesses(servers, directory);
    voters.form();
    try (RestClient first = voters.client(voters.leader())) {
      namespace = first.createNamespace("kills");
    }
    balancer = new Balancer(QuorumProcesses.NAMES.stream().map(voters::uri).toList());
    open.add(balancer);
    startClients();
    awaitPuts(clients.values());

    List<Long> moments = new ArrayList<>();
    for (int kill = 0; kill < KILLS; kill++) {
      String leader = voters.leader();
      long moment = System.currentTimeMillis();
      moments.add(moment);
      voters.kill(leader);
      voters.leader();
      elections.add(System.currentTimeMillis() - moment);
      for (ClientAtWork client : quickClients()) {
        Polling.await(client.name() + " puts again", () -> client.firstAfter(moment).isPresent());
      }
      voters.start(leader);
      voters.awaitReady();
      awaitPuts(quickClients());
    }
    awaitPuts(clients.values());
    clients.values().forEach(client -> silences.put(client.name(), silences(client, moments)));
    for (ClientAtWork client : clients.values()) {
      client.stop();
    }
    close();
    open.clear();
    check();
  }

  /**
   * Returns the clients whose puts take milliseconds. A put of wrangler is a process of its own.
   */
  private List<ClientAtWork> quickClients() {
    return clients.values().stream().filter(each -> !each.name().equals(WRANGLER)).toList();
  }

  private static void awaitPuts(Collection<ClientAtWork> clients) throws Exception {
    for (ClientAtWork client : clients) {
      int before = client.made();
      Polling.await(client.name() + " puts", () -> client.made() > before);
    }
  }

  /** Returns the times from the kills to the next acknowledged puts, before the next kill. */
  private static List<Long> silences(ClientAtWork client, List<Long> moments) {
    List<Long> all = new ArrayList<>();
    for (int i = 0; i < moments.size(); i++) {
      long first = client.firstAfter(moments.get(i)).orElse(Long.MAX_VALUE);
      long next = i + 1 < moments.size() ? moments.get(i + 1) : Long.MAX_VALUE;
      if (first < next) {
        all.add(first - moments.get(i));
      }
    }
    return all;
  }

  private ClientAtWork client(String name) {
    return clients.computeIfAbsent(name, ClientAtWork::new);
  }

  private void startClients() throws IOException {
    startJava();
    startHttp();
    startSdk();
    startWorker();
    startWrangler();
  }

  private void startJava() {
    URI[] addresses = QuorumProcesses.NAMES.stream().map(voters::uri).toArray(URI[]::new);
    Selvedge selvedge =
        Client.of(
            ClientOptions.of(addresses).account(new AccountId(Launch.ACCOUNT)).deadline(DEADLINE));
    open.add(selvedge);
    Namespace keys = selvedge.namespace("kills");
    client("Java")
        .start(
            (key, value) -> {
              try {
                keys.put(key, value);
                return Outcome.MADE;
              } catch (UncertainException _) {
                return Outcome.UNKNOWN;
              } catch (RefusedException _) {
                return Outcome.NOT_MADE;
              }
            });
  }

  private void startHttp() {
    var rest = new RestClient(balancer.uri());
    open.add(rest);
    client("HTTP")
        .start(
            (key, value) -> {
              Reply reply = rest.put(namespace, key, Bytes.utf8(value));
              return switch (reply.status()) {
                case 200 -> Outcome.MADE;
                case 503 -> Outcome.NOT_MADE;
                default -> Outcome.UNKNOWN;
              };
            });
  }

  private void startSdk() throws IOException {
    NpmProject project = NpmProject.stock();
    Map<String, String> environment = new HashMap<>();
    environment.put("SELVEDGE_URL", balancer.uri().toString());
    environment.put("SELVEDGE_ACCOUNT", Launch.ACCOUNT);
    environment.put("SELVEDGE_TOKEN", "any");
    var program =
        project.script("at-work.mjs", project.folder(), environment).with(List.of(namespace));
    var builder = new ProcessBuilder(program.command()).directory(program.folder().toFile());
    builder.environment().putAll(program.environment());
    builder.redirectError(directory.resolve("sdk.err").toFile());
    Process process = builder.start();
    open.add(process::destroyForcibly);
    ClientAtWork sdk = client("SDK");
    BufferedReader lines = process.inputReader();
    Thread.ofPlatform()
        .daemon()
        .start(
            () ->
                lines
                    .lines()
                    .map(JSON::readTree)
                    .forEach(
                        (JsonNode each) ->
                            sdk.record(
                                each.path("key").asString(),
                                each.path("begun").asLong(),
                                each.path("made").asBoolean() ? Outcome.MADE : Outcome.UNKNOWN)));
  }

  private void startWorker() throws IOException {
    Path folder = Files.createDirectories(directory.resolve("worker"));
    Files.copy(Path.of("clients", "worker", "at-work.js"), folder.resolve("at-work.js"));
    Path configuration = folder.resolve("config.capnp");
    Files.writeString(
        configuration,
        """
        using Workerd = import "/workerd/workerd.capnp";
        const config :Workerd.Config = (
          services = [
            (name = "worker", worker = (
              modules = [(name = "at-work.js", esModule = embed "at-work.js")],
              compatibilityDate = "2026-01-01",
              bindings = [(name = "KV", kvNamespace = "kv")])),
            (name = "kv", external = (address = "127.0.0.1:%d", http = (injectRequestHeaders = [
              (name = "CF-KV-Namespace-Id", value = "%s")]))),
          ],
          sockets = [(name = "http", address = "*:0", http = (), service = "worker")],
        );
        """
            .formatted(balancer.uri().getPort(), namespace));
    WorkerProcess worker = WorkerProcess.workerd(NpmProject.stock(), configuration, Map.of());
    open.add(worker);
    client("workerd")
        .start(
            (key, value) -> {
              String answer =
                  worker
                      .send(
                          HttpRequest.newBuilder(worker.uri().resolve("/" + key))
                              .PUT(BodyPublishers.ofString(value)))
                      .body();
              if (answer.equals("made")) {
                return Outcome.MADE;
              }
              return answer.contains("503") ? Outcome.NOT_MADE : Outcome.UNKNOWN;
            });
  }

  private void startWrangler() {
    Wrangler wrangler =
        Wrangler.of(
            NpmProject.stock(), directory, balancer.uri(), "any", Optional.of(Launch.ACCOUNT));
    client(WRANGLER)
        .start(
            (key, value) ->
                wrangler.kvIn(namespace, "key", "put", key, value).exit() == 0
                    ? Outcome.MADE
                    : Outcome.UNKNOWN);
  }

  /** Every acknowledged put must be there, and no refused one. */
  private void check() throws Exception {
    List<String> wrong = new ArrayList<>();
    try (RestClient rest = voters.client(voters.leader())) {
      for (ClientAtWork client : clients.values()) {
        long[] counts = new long[6];
        counts[0] = KILLS;
        for (Map.Entry<String, Outcome> each : client.outcomes().entrySet()) {
          Reply reply = rest.get(namespace, each.getKey(), "Selvedge-Consistency", "strong");
          boolean there = reply.status() == 200;
          if (there != (reply.status() != 404)
              || (there && !reply.body().utf8().equals(ClientAtWork.value(each.getKey())))) {
            wrong.add(each + ": " + reply);
          }
          switch (each.getValue()) {
            case MADE -> {
              counts[1]++;
              counts[2] += there ? 0 : 1;
            }
            case NOT_MADE -> {
              counts[3]++;
              if (there) {
                wrong.add(each + " is there");
              }
            }
            case UNKNOWN -> counts[there ? 4 : 5]++;
          }
        }
        assertThat(counts[2]).as("acknowledged puts of %s are lost", client.name()).isZero();
        record(client.name(), counts);
      }
    }
    assertThat(wrong).isEmpty();
    List<Long> sorted = elections.stream().sorted().toList();
    System.out.printf("another voter leads: %s%n", spread(sorted));
    if (RECORDED) {
      ReliabilityRecord.below(SILENCES).add("`/leaderz` of another voter", bins(sorted));
    }
  }

  private void record(String name, long[] counts) throws IOException {
    List<Long> own = silences.getOrDefault(name, List.of()).stream().sorted().toList();
    System.out.printf(
        "%s: kills %d, made %d, lost %d, refused %d, unknown and made %d, unknown and not made %d;"
            + " silence %s%n",
        name, counts[0], counts[1], counts[2], counts[3], counts[4], counts[5], spread(own));
    if (RECORDED) {
      ReliabilityRecord.below(OUTCOMES).add(name, counts);
      ReliabilityRecord.below(SILENCES).add(name, bins(own));
    }
  }

  private static String spread(List<Long> sorted) {
    return "p50 %d, p99 %d, max %d ms"
        .formatted(percentile(sorted, 0.5), percentile(sorted, 0.99), percentile(sorted, 1));
  }

  private static long percentile(List<Long> sorted, double part) {
    return sorted.isEmpty() ? -1 : sorted.get((int) Math.ceil(part * sorted.size()) - 1);
  }

  /** Counts the silences up to each bound, and the longer ones. */
  private static long[] bins(List<Long> all) {
    return LongStream.concat(LongStream.of(BOUNDS), LongStream.of(Long.MAX_VALUE))
        .map(bound -> all.stream().filter(each -> each <= bound && each > lower(bound)).count())
        .toArray();
  }

  private static long lower(long bound) {
    return LongStream.of(BOUNDS).filter(each -> each < bound).max().orElse(-1);
  }
}
