package selvedge.verification.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import selvedge.engine.encryption.AesMasterKey;
import selvedge.verification.process.Launch;
import selvedge.verification.process.Reply;
import selvedge.verification.process.RestClient;
import selvedge.verification.process.Seed;
import selvedge.verification.process.ServerProcess;
import selvedge.verification.process.Servers;
import tools.jackson.databind.JsonNode;

/**
 * Kills the server process at random times during concurrent writes and checks the stored entries.
 *
 * <p>{@code -Dcycles=} sets the number of kills.
 */
final class CrashTest {
  static final String COUNTER = "counter";

  private static final int CYCLES = Integer.getInteger("cycles", 3);
  private static final int ROTATING_CYCLES = Math.max(2, CYCLES / 5);
  private static final int WRITERS = 6;
  private static final int WRITES_MIN = 20;
  private static final int WRITES_MAX = 300;

  @RegisterExtension final Servers servers = new Servers();
  @RegisterExtension final Seed seed = new Seed();
  @TempDir Path data;

  private Launch launch = Launch.on(Path.of("."));
  private final Tally tally = new Tally();
  private final AtomicInteger rotations = new AtomicInteger();
  private final List<CrashWriter> writers = new ArrayList<>();
  private String namespace = "";

  @Test
  void keepsAllAcknowledgedWritesAndNoPartialOnes() throws Exception {
    launch = Launch.on(data);
    writeAndKill(CYCLES, () -> {});
  }

  /** A kill during a rotation leaves either the old or the new file of data keys. */
  @Test
  void keepsAllAcknowledgedWritesDuringKeyRotation() throws Exception {
    Path key = data.resolveSibling("key");
    Files.writeString(key, AesMasterKey.generate() + "\n");
    launch =
        Launch.on(data).with("--encryption-key-file", key.toString()).limit("sweep-seconds", 1);

    writeAndKill(ROTATING_CYCLES, () -> rotate(key));

    assertThat(rotations.get()).isPositive();
  }

  private void rotate(Path key) {
    try (RestClient owner = RestClient.ofOwner(data)) {
      Path next = key.resolveSibling("key.new");
      Files.writeString(next, AesMasterKey.generate() + "\n" + Files.readString(key));
      Files.move(next, key, StandardCopyOption.ATOMIC_MOVE);
      owner.send("POST", "/v1/key/rotate?rewrite=true", BodyPublishers.noBody());
      rotations.incrementAndGet();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (RuntimeException _) {
      // The server was killed before it answered.
    }
  }

  private void writeAndKill(int cycles, Runnable meanwhile) throws Exception {
    SplittableRandom random = seed.random(0);
    for (int i = 0; i < WRITERS; i++) {
      writers.add(new CrashWriter(i, seed.random(i + 1), tally));
    }

    for (int cycle = 0; cycle < cycles; cycle++) {
      try (ServerProcess server = servers.start(launch)) {
        settle(server);
        writeUntilKilled(server, random, meanwhile);
      }
      if (random.nextInt(4) == 0) {
        killWhileItStarts(random);
      }
    }
    settle(servers.start(launch));
  }

  private void writeUntilKilled(ServerProcess server, SplittableRandom random, Runnable meanwhile)
      throws Exception {
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
      Future<?> background =
          threads.submit(
              () -> {
                while (!killed.get()) {
                  meanwhile.run();
                  LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
                }
              });
      boolean reached = acknowledged.await(60, TimeUnit.SECONDS);

      // Without the delay, the kill would always hit the writer at the same point of its loop.
      LockSupport.parkNanos(pause);
      killed.set(true);
      server.kill();

      for (Future<?> run : runs) {
        run.get();
      }
      background.get();
      assertThat(reached).as("%d writes were acknowledged", writes).isTrue();
    }
  }

  /** Kills the server during the recovery from a crash. */
  private void killWhileItStarts(SplittableRandom random) throws Exception {
    try (ServerProcess server = servers.spawn(launch)) {
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
