package selvedge.verification.scale;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import selvedge.model.Bytes;
import selvedge.verification.process.Launch;
import selvedge.verification.process.Polling;
import selvedge.verification.process.RestClient;
import selvedge.verification.process.ServerProcess;
import selvedge.verification.process.Servers;

/**
 * Two points of the model of {@code docs/scale.md} with real processes: 32 edges at one origin, and
 * 2,000 writes a second through a relay. It prints the CPU time of a change at each server.
 */
@Tag("soak")
final class ScaleTest {
  private static final int FEW = 4;
  private static final int SOME = 16;
  private static final int MANY = 32;
  private static final int WRITERS = 16;
  private static final int BYTES = 1024;
  private static final Duration WARM_UP = Duration.ofSeconds(10);
  private static final Duration TIME = Duration.ofSeconds(20);

  /** The model predicts costs of a machine that other work may disturb. */
  private static final double FACTOR = 2;

  @RegisterExtension final Servers servers = new Servers();
  @TempDir Path directory;

  private final List<ServerProcess> edges = new ArrayList<>();
  private String namespace = "";

  /** The CPU time in microseconds for each change. */
  private record Cost(double changesPerSecond, double origin, double edge) {}

  @Test
  void thirtyTwoEdgesCostTheOriginWhatTheModelPredicts() throws Exception {
    ServerProcess origin = origin();
    follow(origin, MANY);
    write(
        origin, 200, TIME); // the JVM compiles meanwhile, which would count as the cost of changes
    Cost many = measure(origin, 200);
    leave(SOME);
    Cost some = measure(origin, 200);
    leave(FEW);
    Cost few = measure(origin, 200);
    leave(0);
    Cost alone = measure(origin, 200);
    double send = (some.origin() - few.origin()) / (SOME - FEW);
    double first = few.origin() - alone.origin() - FEW * send;
    double predicted = alone.origin() + first + MANY * send;
    System.out.printf(
        "put %.0f, first follower %.0f, send %.1f, apply %.0f us; %d edges: predicted %.0f us,"
            + " measured %.0f us%n",
        alone.origin(), first, send, many.edge(), MANY, predicted, many.origin());

    assertThat(many.origin()).isBetween(predicted / FACTOR, predicted * FACTOR);
  }

  @Test
  void aRelayAtTwoThousandWritesASecondCostsWhatTheModelPredicts() throws Exception {
    ServerProcess origin = origin();
    follow(origin, 1);
    Cost slow = measure(origin, 500);
    ServerProcess relay = edges.getFirst();
    edges.clear();
    edges.add(follow(relay, "leaf"));
    Cost fast = measure(origin, 2_000);
    System.out.printf("500 a second: %s; 2,000 a second and a leaf: %s%n", slow, fast);

    assertThat(fast.changesPerSecond()).isGreaterThan(1_000);
    assertThat(fast.origin()).isLessThan(slow.origin() * FACTOR);
    assertThat(fast.edge()).isLessThan(slow.edge() * FACTOR);
  }

  private ServerProcess origin() {
    ServerProcess origin = servers.start(Launch.on(directory.resolve("origin")).jvm("-Xmx512m"));
    try (RestClient client = origin.client()) {
      namespace = client.createNamespace("scale");
    }
    return origin;
  }

  private void follow(ServerProcess origin, int count) {
    while (edges.size() < count) {
      edges.add(follow(origin, "edge" + edges.size()));
    }
  }

  /** Stops the edges that came last. */
  private void leave(int count) {
    while (edges.size() > count) {
      int _ = edges.removeLast().terminate();
    }
  }

  private ServerProcess follow(ServerProcess upstream, String name) {
    return servers.start(
        Launch.on(directory.resolve(name))
            .jvm("-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")
            .follow(upstream.uri(), name));
  }

  /** Writes at a rate, and returns what a change costs the origin and each edge. */
  private Cost measure(ServerProcess origin, int changesPerSecond) throws Exception {
    write(origin, changesPerSecond, WARM_UP);
    Duration originBefore = cpu(origin);
    Duration edgesBefore = edges.stream().map(ScaleTest::cpu).reduce(Duration.ZERO, Duration::plus);
    long start = System.nanoTime();
    int changes = write(origin, changesPerSecond, TIME);
    double seconds = (System.nanoTime() - start) / 1e9;
    awaitEdges(origin);
    Duration edgesAfter = edges.stream().map(ScaleTest::cpu).reduce(Duration.ZERO, Duration::plus);
    return new Cost(
        changes / seconds,
        micros(cpu(origin).minus(originBefore)) / changes,
        edges.isEmpty() ? 0 : micros(edgesAfter.minus(edgesBefore)) / changes / edges.size());
  }

  private static double micros(Duration time) {
    return time.toNanos() / 1e3;
  }

  private static Duration cpu(ServerProcess server) {
    return ProcessHandle.of(server.pid())
        .flatMap(each -> each.info().totalCpuDuration())
        .orElseThrow();
  }

  private int write(ServerProcess origin, int changesPerSecond, Duration time) throws Exception {
    long pause = Duration.ofSeconds(WRITERS).toNanos() / changesPerSecond;
    long end = System.nanoTime() + time.toNanos();
    Bytes value = Bytes.adopt(new byte[BYTES]);
    int all = 0;
    try (RestClient client = origin.client();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Integer>> writers = new ArrayList<>();
      for (int i = 0; i < WRITERS; i++) {
        int writer = i;
        writers.add(threads.submit(() -> write(client, writer, value, pause, end)));
      }
      for (Future<Integer> each : writers) {
        all += each.get();
      }
    }
    return all;
  }

  private int write(RestClient client, int writer, Bytes value, long pause, long end) {
    int written = 0;
    long due = System.nanoTime();
    while (System.nanoTime() - end < 0) {
      client.put(namespace, writer + "-" + written, value).ok();
      written++;
      due += pause;
      LockSupport.parkNanos(due - System.nanoTime());
    }
    return written;
  }

  private void awaitEdges(ServerProcess origin) throws Exception {
    try (RestClient client = origin.client()) {
      client.put(namespace, "last", Bytes.utf8(Long.toString(System.nanoTime()))).ok();
      String last = client.get(namespace, "last").ok().body().utf8();
      for (ServerProcess edge : edges) {
        try (RestClient there = edge.client()) {
          Polling.await(
              "the edge has everything",
              () -> there.get(namespace, "last").body().utf8().equals(last));
        }
      }
    }
  }
}
