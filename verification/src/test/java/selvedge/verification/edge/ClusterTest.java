package selvedge.verification.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import selvedge.model.Bytes;
import selvedge.verification.process.Launch;
import selvedge.verification.process.Polling;
import selvedge.verification.process.Relay;
import selvedge.verification.process.RestClient;
import selvedge.verification.process.Servers;

/** An origin and three edges, one of them behind another, over slow and breaking connections. */
final class ClusterTest {
  private static final int CUTS = 6;

  @RegisterExtension final Servers servers = new Servers();
  @TempDir Path folder;

  private Region start(Launch launch) {
    return Region.of(servers.start(launch));
  }

  private Launch on(String name) {
    return Launch.on(folder.resolve(name));
  }

  /** Makes random writes of all kinds until it is interrupted. */
  private static void write(RestClient client, String namespace, AtomicInteger written) {
    int i = written.incrementAndGet();
    var random = new Random(i);
    byte[] value = new byte[i % 40 == 0 ? 300_000 : random.nextInt(2000)];
    random.nextBytes(value);
    String key = "k" + random.nextInt(300);
    switch (random.nextInt(8)) {
      case 0 -> client.delete(namespace, key).ok();
      case 1 -> client.increment(namespace, "n" + random.nextInt(5), 1).ok();
      case 2 ->
          client
              .put(namespace, key, Bytes.adopt(value), "CF-KV-Metadata", "{\"i\":" + i + "}")
              .ok();
      default -> client.put(namespace, key, Bytes.adopt(value)).ok();
    }
  }

  @Test
  void allEdgesConvergeDespiteBrokenConnections() throws Exception {
    try (Region origin = Region.of(servers.startHere(on("origin")));
        Relay near = Relay.to(origin.server().address(), Duration.ofMillis(5));
        Relay far = Relay.to(origin.server().address(), Duration.ofMillis(60))) {
      far.throttle(2_000_000);
      String namespace = origin.client().createNamespace("n");
      var stop = new AtomicBoolean();
      var written = new AtomicInteger();
      Thread writer =
          Thread.ofVirtual()
              .start(
                  () -> {
                    while (!stop.get()) {
                      write(origin.client(), namespace, written);
                    }
                  });
      Polling.await("a beginning", () -> written.get() > 500);
      try (Region fra = start(on("fra").follow(near.uri(), "fra"));
          Region syd = start(on("syd").follow(far.uri(), "syd"));
          Relay between = Relay.to(syd.server().address(), Duration.ofMillis(20));
          Region behind = start(on("behind").follow(between.uri(), "behind"))) {
        List<Relay> lines = List.of(near, far, between);
        for (int i = 0; i < CUTS; i++) {
          Relay line = lines.get(i % lines.size());
          int mark = written.get() + 200;
          line.cut();
          Polling.await("writes while a line is cut", () -> written.get() >= mark);
          line.restore();
        }
        stop.set(true);
        writer.join();
        for (Region edge : List.of(fra, syd, behind)) {
          edge.catchUpWith(origin);
          assertThat(edge.digest()).isEqualTo(origin.digest());
          assertThat(edge.process().log())
              .doesNotContain("the loaded store replaces the earlier one");
        }
      }
    }
  }

  @Test
  void anEdgeCatchesUpWithTheFeedAfterALongStop() throws Exception {
    try (Region origin = Region.of(servers.startHere(on("origin")))) {
      String namespace = origin.client().createNamespace("n");
      Launch launch = on("fra").follow(origin.server().uri(), "fra");
      try (Region edge = Region.of(servers.startHere(launch))) {
        edge.catchUpWith(origin);
        edge.server().close();
      }
      for (int page = 0; page < 20; page++) {
        StringBuilder pairs = new StringBuilder();
        for (int i = 0; i < 5000; i++) {
          pairs.append(i == 0 ? "[" : ",").append("{\"key\":\"k").append((page * 37 + i) % 9000);
          pairs.append("\",\"value\":\"page ").append(page).append("\"}");
        }
        origin.client().bulkPut(namespace, pairs.append("]").toString()).ok();
      }
      try (Region edge = start(launch)) {
        edge.catchUpWith(origin);
        assertThat(edge.digest()).isEqualTo(origin.digest());
        assertThat(edge.process().log()).doesNotContain("snapshot");
      }
    }
  }
}
