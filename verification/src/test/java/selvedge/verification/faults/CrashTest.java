package selvedge.verification.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import selvedge.verification.process.Launch;
import selvedge.verification.process.Reply;
import selvedge.verification.process.RestClient;
import selvedge.verification.process.Seed;
import selvedge.verification.process.ServerProcess;
import selvedge.verification.process.Servers;
import tools.jackson.databind.JsonNode;

/**
 * Kills the real process at random moments under concurrent writes, and looks at what is left.
 *
 * <p>{@code -Dcycles=} says how often.
 */
final class CrashTest {
  static final String COUNTER = "counter";

  private static final int CYCLES = Integer.getInteger("cycles", 5);
  private static final int WRITERS = 6;
  private static final int WRITES_MIN = 20;
  private static final int WRITES_MAX = 300;

  @RegisterExtension final Servers servers = new Servers();
  @RegisterExtension final Seed seed = new Seed();
  @TempDir Path data;

  private final Tally tally = new Tally();
  private final List<CrashWriter> writers = new ArrayList<>();
  private String namespace = "";

  @Test
  void keepsEveryAcknowledgedWriteAndNeverShowsHalfOfOne() throws Exception {
    SplittableRandom random = seed.random(0);
    for (int i = 0; i < WRITERS; i++) {
      writers.add(new CrashWriter(i, seed.random(i + 1), tally));
    }

    for (int cycle = 0; cycle < CYCLES; cycle++) {
      try (ServerProcess server = servers.start(Launch.on(data))) {
        settle(server);
        writeUntilKilled(server, random);
      }
      if (random.nextInt(4) == 0) {
        killWhileItStarts(random);
      }
    }
    settle(servers.start(Launch.on(data)));
  }

  private void writeUntilKilled(ServerProcess server, SplittableRandom random) throws Exception {
    int writes = random.nextInt(WRITES_MIN, WRITES_MAX);
    long pause = TimeUnit.MICROSECONDS.toNanos(random.nextInt(20_000));
    CountDownLatch acknowledged = new CountDownLatch(writes);
    AtomicBoolean killed = new AtomicBoolean();
    try (RestClient client = server.client();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> runs = new ArrayList<>();
      for (CrashWriter writer : writers) {
        runs.add(
            threads.submit(
                () -> writer.run(client, namespace, acknowledged::countDown, killed::get)));
      }
      boolean reached = acknowledged.await(60, TimeUnit.SECONDS);

      // A kill right behind an answer would always meet the writer at the same point of its loop.
      LockSupport.parkNanos(pause);
      killed.set(true);
      server.kill();

      for (Future<?> run : runs) {
        run.get();
      }
      assertThat(reached).as("%d writes were acknowledged", writes).isTrue();
    }
  }

  /** A crash in the middle of the recovery from a crash. */
  private void killWhileItStarts(SplittableRandom random) throws Exception {
    try (ServerProcess server = servers.spawn(Launch.on(data))) {
      server.awaitExit(random.nextInt(200, 1500));
      server.kill();
    }
  }

  private void settle(ServerProcess server) {
    try (RestClient client = server.client()) {
      if (namespace.isEmpty()) {
        namespace = client.createNamespace("crash");
      }
      Set<String> listed = listed(client);
      for (CrashWriter writer : writers) {
        writer.settle(client, namespace, listed);
      }
      Reply counter = client.get(namespace, COUNTER);
      tally.settle(counter.status() == 404 ? 0 : Long.parseLong(counter.ok().body().utf8()));
    }
  }

  private Set<String> listed(RestClient client) {
    Set<String> names = new HashSet<>();
    for (JsonNode each : client.list(namespace, "limit=1000").ok().json().path("result")) {
      names.add(each.path("name").asString());
    }
    return names;
  }
}
