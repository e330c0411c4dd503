package selvedge.verification.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import selvedge.model.Limit;
import selvedge.model.Profile;
import selvedge.verification.process.Launch;
import selvedge.verification.process.Reply;
import selvedge.verification.process.RestClient;
import selvedge.verification.process.ServerProcess;
import selvedge.verification.process.Servers;

/** Concurrent values and requests of the maximum size with a small heap. */
final class LargeValueTest {
  private static final int CLIENTS = Integer.getInteger("large.clients", 64);
  private static final int PAIRS = (int) Limit.BULK_PAIRS.in(Profile.OPEN);

  @RegisterExtension final Servers servers = new Servers();
  @TempDir Path data;

  private Launch smallHeap() {
    return Launch.on(data).jvm("-Xmx256m", "-XX:+ExitOnOutOfMemoryError");
  }

  @Test
  void servesLargestValuesToConcurrentClients() throws Exception {
    ServerProcess server = servers.start(smallHeap());
    try (RestClient client = server.client()) {
      String namespace = client.createNamespace("large");

      atATime(
          number -> client.put(namespace, "value " + number, () -> new SeededValue(number)).ok());
      atATime(number -> SeededValue.assertSame(client.open(namespace, "value " + number), number));
    }
    assertHealthy(server);
  }

  private interface Work {
    void run(int number) throws IOException;
  }

  private static void atATime(Work work) throws Exception {
    List<Future<?>> all = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < CLIENTS; i++) {
        int number = i;
        all.add(
            threads.submit(
                () -> {
                  work.run(number);
                  return number;
                }));
      }
      for (Future<?> each : all) {
        each.get();
      }
    }
  }

  @Test
  void acceptsTheMaximumOfPairsInOneBulkPut() {
    ServerProcess server = servers.start(smallHeap());
    try (RestClient client = server.client()) {
      String namespace = client.createNamespace("bulk");
      List<Stamp> pairs =
          IntStream.range(0, PAIRS).mapToObj(i -> new Stamp("pair " + i, i, 1_000)).toList();

      Reply reply = client.bulkPut(namespace, Pairs.json(pairs)).ok();

      assertThat(reply.json().path("result").path("successful_key_count").asInt()).isEqualTo(PAIRS);
      for (int i = 0; i < PAIRS; i += 1_111) {
        Stamp found = Stamp.read("pair " + i, client.get(namespace, "pair " + i).ok().body());
        assertThat(found).isEqualTo(pairs.get(i));
      }
    }
    assertHealthy(server);
  }

  private static void assertHealthy(ServerProcess server) {
    assertThat(server.isAlive()).isTrue();
    assertThat(server.terminate()).isZero();
    assertThat(server.log()).doesNotContain("OutOfMemory").doesNotContain("ERROR");
  }
}
