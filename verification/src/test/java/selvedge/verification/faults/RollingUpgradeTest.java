package selvedge.verification.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import selvedge.client.Client;
import selvedge.client.ClientOptions;
import selvedge.model.Namespace;
import selvedge.verification.process.Launch;
import selvedge.verification.process.Polling;
import selvedge.verification.process.ProcessResult;
import selvedge.verification.process.Program;
import selvedge.verification.process.QuorumProcesses;
import selvedge.verification.process.ServerProcess;
import selvedge.verification.process.Servers;

/**
 * Voters of the commit in build/upgrade-from become voters of this build, one after another, while
 * clients write and read, an edge of all voters follows, and one voter goes back for a while.
 */
@Tag("soak")
final class RollingUpgradeTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final int CLIENTS = 3;
  private static final int REQUESTS = 10;

  @RegisterExtension final Servers servers = new Servers();
  @TempDir Path directory;

  private final AtomicBoolean ending = new AtomicBoolean();
  private final AtomicInteger made = new AtomicInteger();
  private final List<String> failures = new CopyOnWriteArrayList<>();

  @SuppressWarnings("NullAway.Init") // set by the test
  private QuorumProcesses voters;

  @Test
  void noRequestFailsWhileEachVoterIsUpgraded() throws Exception {
    Launch.Extension old = Launch.Extension.release(oldRelease());
    voters = new QuorumProcesses(servers, directory);
    QuorumProcesses.NAMES.forEach(name -> voters.release(name, old));
    voters.form();
    String first = voters.leader();
    List<String> order = new ArrayList<>(QuorumProcesses.NAMES);
    order.remove(first);
    order.add(first);
    voters.startEdge("edge");
    try (Client client =
        Client.of(
            ClientOptions.of(QuorumProcesses.NAMES.stream().map(voters::uri).toArray(URI[]::new))
                .deadline(Duration.ofMinutes(2)))) {
      Namespace namespace = client.create("TEST");
      List<Thread> threads = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        String key = "client-" + i;
        threads.add(Thread.ofPlatform().start(() -> run(namespace, key)));
      }
      awaitMore();

      restart(order.get(0), null);
      assertThat(upgrade().errors()).contains("announces no form");
      restart(order.get(0), old);
      restart(order.get(0), null);
      restart(order.get(1), null);
      restart(first, old);
      assertThat(voters.leader()).as("a voter of the new release leads").isNotEqualTo(first);
      assertThat(upgrade().errors()).contains("announces no form");
      restart(first, null);
      for (String name : QuorumProcesses.NAMES) {
        assertThat(Files.readString(voters.data(name).resolve("voter"))).startsWith("id = ");
      }
      assertThat(upgrade("--dry-run").ok().text()).contains("every voter can write form 2");
      assertThat(upgrade().ok().text()).contains("done: every voter has form 2");
      awaitMore();
      restart(first, null);
      assertThat(upgrade().ok().text()).contains("nothing to do: every voter has form 2");

      ending.set(true);
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(failures).isEmpty();
    }
    requireRefusal(first, old);
  }

  private String oldRelease() {
    return new Program(
            List.of(ROOT.resolve("build/old-release").toString(), directory.resolve("old") + ""),
            ROOT,
            Map.of())
        .run(Duration.ofMinutes(9))
        .ok()
        .text()
        .strip();
  }

  /** Writes a number, reads it and writes the next one. */
  private void run(Namespace namespace, String key) {
    for (int i = 1; !ending.get(); i++) {
      try {
        namespace.put(key, Integer.toString(i));
        String read = namespace.getText(key).orElse("nothing");
        if (!read.equals(Integer.toString(i))) {
          failures.add(key + " read " + read + " after it wrote " + i);
        }
      } catch (RuntimeException e) {
        failures.add(key + " at " + i + ": " + e);
      }
      made.incrementAndGet();
    }
  }

  private void awaitMore() throws Exception {
    int before = made.get();
    Polling.await("the clients work", () -> made.get() >= before + REQUESTS * CLIENTS);
  }

  /**
   * Starts a voter again.
   *
   * @param release null for that of this build
   */
  private void restart(String name, Launch.@Nullable Extension release) throws Exception {
    voters.terminate(name);
    awaitMore();
    if (release == null) {
      voters.releaseOfThisBuild(name);
    } else {
      voters.release(name, release);
    }
    voters.start(name);
    Polling.await(name + " serves", () -> voters.succeeds(name, "/readyz"));
    awaitMore();
  }

  private ProcessResult upgrade(String... options) throws Exception {
    List<String> arguments =
        new ArrayList<>(
            List.of("cluster", "upgrade", "--data", voters.data(voters.leader()).toString()));
    arguments.addAll(List.of(options));
    return Launch.selvedge(directory, arguments.toArray(String[]::new)).run(Duration.ofMinutes(2));
  }

  /** An older release names what it does not read, and changes nothing. */
  private void requireRefusal(String name, Launch.Extension old) {
    voters.terminate(name);
    voters.release(name, old);
    ServerProcess refused = voters.spawn(name);

    assertThat(refused.awaitExit()).isNotZero();
    assertThat(refused.log()).contains("a line that this release does not know: form = 2");
  }
}
