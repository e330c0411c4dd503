package selvedge.verification.faults;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import selvedge.model.Bytes;
import selvedge.verification.process.QuorumProcesses;
import selvedge.verification.process.RestClient;
import selvedge.verification.process.Servers;
import selvedge.verification.process.VoterNetwork;

/**
 * Prints how long puts take at voters whose lines have one-way delays of 0, 1, 20 and 70 ms, beside
 * the physical minimum: one round trip at the leader, two at another voter, which forwards.
 *
 * <p>Fails only if a put fails, because times depend on the machine.
 */
@Tag("soak")
final class VoterDelaysTest {
  private static final List<Integer> DELAYS = List.of(0, 1, 20, 70);
  private static final int CONNECTIONS = 64;
  private static final int PUTS = 100;
  private static final Bytes VALUE = Bytes.adopt(new byte[1024]);

  @RegisterExtension final Servers servers = new Servers();
  @TempDir Path directory;

  private String namespace = "";

  @Test
  void putsAcrossSlowLinesAreMade() throws Exception {
    var voters = new QuorumProcesses(servers, directory);
    try (VoterNetwork network = voters.connectByRelays()) {
      voters.form();
      String leader = voters.leader();
      try (RestClient client = voters.client(leader)) {
        namespace = client.createNamespace("delays");
        put(client, "warm", PUTS);
      }
      String other =
          QuorumProcesses.NAMES.stream()
              .filter(name -> !name.equals(leader))
              .findFirst()
              .orElseThrow();
      for (int delay : DELAYS) {
        network.slowAll(Duration.ofMillis(delay));
        try (RestClient atLeader = voters.client(leader);
            RestClient atOther = voters.client(other)) {
          put(atOther, "warm" + delay, 2);
          List<Long> one = put(atLeader, "leader" + delay, PUTS);
          List<Long> forwarded = put(atOther, "other" + delay, PUTS);
          double many = together(atLeader, delay);
          System.out.printf(
              "| %d ms | %.1f ms | %d ms | %.1f ms | %d ms | %,.0f |%n",
              delay, median(one) / 1e6, 2 * delay, median(forwarded) / 1e6, 4 * delay, many);
        }
      }
    }
  }

  private List<Long> put(RestClient client, String prefix, int count) {
    List<Long> times = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      long start = System.nanoTime();
      client.put(namespace, prefix + "-" + i, VALUE).ok();
      times.add(System.nanoTime() - start);
    }
    return times;
  }

  /** Returns the puts a second of many connections. */
  private double together(RestClient client, int delay) throws Exception {
    long start = System.nanoTime();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < CONNECTIONS; i++) {
        String prefix = "many" + delay + "-" + i;
        all.add(threads.submit(() -> put(client, prefix, PUTS / 5)));
      }
      for (Future<?> each : all) {
        each.get();
      }
    }
    return CONNECTIONS * (PUTS / 5) * 1e9 / (System.nanoTime() - start);
  }

  private static double median(List<Long> times) {
    return times.stream().sorted().toList().get(times.size() / 2);
  }
}
