package selvedge.verification.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static selvedge.verification.faults.Operation.ABSENT;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import selvedge.verification.process.Launch;
import selvedge.verification.process.RestClient;
import selvedge.verification.process.Seed;
import selvedge.verification.process.ServerProcess;
import selvedge.verification.process.Servers;

/**
 * Responses to concurrent clients on a few keys are linearizable, also across kills. {@code
 * -Drounds=} sets how often the server is killed and started.
 */
final class LinearizabilityTest {
  private static final int ROUNDS = Integer.getInteger("rounds", 3);
  private static final int CLIENTS = 8;
  private static final int CALLS = 200;
  private static final List<String> REGISTERS = List.of("a", "b", "c", "d");
  private static final List<String> COUNTERS = List.of("x", "y");

  @RegisterExtension final Servers servers = new Servers();
  @RegisterExtension final Seed seed = new Seed();
  @TempDir Path data;

  private final Map<String, Queue<Operation>> histories = new LinkedHashMap<>();
  private final List<Witness> witnesses = new ArrayList<>();
  private String namespace = "";

  @Test
  void responsesAreLinearizable() throws Exception {
    REGISTERS.forEach(key -> histories.put(key, Witness.history()));
    COUNTERS.forEach(key -> histories.put(key, Witness.history()));
    for (int i = 0; i < CLIENTS; i++) {
      witnesses.add(new Witness(i, seed.random(i + 1), REGISTERS, COUNTERS, histories));
    }
    SplittableRandom random = seed.random(0);

    for (int round = 0; round < ROUNDS; round++) {
      try (ServerProcess server = servers.start(Launch.on(data));
          RestClient client = server.client()) {
        if (namespace.isEmpty()) {
          namespace = client.createNamespace("linearizable");
        }
        boolean last = round == ROUNDS - 1;
        run(server, client, last ? Integer.MAX_VALUE : random.nextInt(CLIENTS * CALLS));
      }
    }

    histories.forEach(
        (key, operations) -> {
          History history = new History(ABSENT, List.copyOf(operations));
          assertThat(history.isLinearizable()).as("the history of %s:\n%s", key, history).isTrue();
        });
  }

  private void run(ServerProcess server, RestClient client, int callsBeforeKill) throws Exception {
    CountDownLatch calls = new CountDownLatch(callsBeforeKill);
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> runs = new ArrayList<>();
      for (Witness witness : witnesses) {
        runs.add(threads.submit(() -> run(witness, client, calls)));
      }
      if (callsBeforeKill < CLIENTS * CALLS) {
        boolean reached = calls.await(60, TimeUnit.SECONDS);
        server.kill();
        assertThat(reached).as("%d calls were made", callsBeforeKill).isTrue();
      }
      for (Future<?> run : runs) {
        run.get();
      }
      if (callsBeforeKill > CLIENTS * CALLS) {
        assertThat(callsBeforeKill - calls.getCount())
            .as("calls that a running server answered")
            .isEqualTo(CLIENTS * CALLS);
      }
    }
  }

  private void run(Witness witness, RestClient client, CountDownLatch calls) {
    for (int i = 0; i < CALLS; i++) {
      if (!witness.call(client, namespace)) {
        return;
      }
      calls.countDown();
    }
  }
}
