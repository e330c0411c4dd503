package selvedge.verification.scale;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import selvedge.model.Bytes;
import selvedge.verification.process.Launch;
import selvedge.verification.process.RestClient;
import selvedge.verification.process.ServerProcess;
import selvedge.verification.process.Servers;
import tools.jackson.databind.JsonNode;

/**
 * A server with many namespaces. Their number must not slow down creating one or finding one by its
 * title. It prints the figures of docs/scale.md.
 */
@Tag("soak")
final class ManyNamespacesTest {
  private static final int NAMESPACES = Integer.getInteger("namespaces", 20_000);
  private static final int PART = NAMESPACES / 5;
  private static final int CLIENTS = 32;
  private static final int GETS = 4_000;
  private static final int ROUNDS = 3;

  /**
   * A machine with other work disturbs both parts of a comparison. A scan costs 28 times as much.
   */
  private static final double FACTOR = 4;

  @RegisterExtension final Servers servers = new Servers();
  @TempDir Path folder;

  private static String title(int number) {
    return "namespace " + number;
  }

  private static String path(int number) {
    return "namespace%20" + number;
  }

  /** Does a piece of work for each number from many threads, and returns how many in a second. */
  private static double rate(int from, int to, IntConsumer work) throws Exception {
    var next = new AtomicInteger(from);
    long start = System.nanoTime();
    try (ExecutorService threads = Executors.newFixedThreadPool(CLIENTS)) {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        running.add(
            threads.submit(
                () -> {
                  for (int n = next.getAndIncrement(); n < to; n = next.getAndIncrement()) {
                    work.accept(n);
                  }
                }));
      }
      for (Future<?> each : running) {
        each.get();
      }
    }
    return (to - from) * 1e9 / (System.nanoTime() - start);
  }

  private static double best(double before, double now) {
    return Math.max(before, now);
  }

  private static void get(RestClient client, String namespace) {
    client.send("GET", "/v1/namespaces/" + namespace + "/values/k", BodyPublishers.noBody()).ok();
  }

  private static List<String> titles(RestClient client) {
    List<String> titles = new ArrayList<>();
    JsonNode page;
    int number = 0;
    do {
      number++;
      page =
          client
              .send(
                  "GET",
                  RestClient.account() + "?per_page=1000&page=" + number,
                  BodyPublishers.noBody())
              .ok()
              .json()
              .path("result");
      page.forEach(each -> titles.add(each.path("title").asString()));
    } while (!page.isEmpty());
    return titles;
  }

  @Test
  void theirNumberSlowsDownNeitherCreationNorTitles() throws Exception {
    Launch launch = Launch.on(folder.resolve("data")).jvm("-Xmx512m");
    ServerProcess server = servers.start(launch);
    try (RestClient client = server.client()) {
      double first = rate(0, PART, n -> client.createNamespace(title(n)));
      rate(PART, NAMESPACES - PART, n -> client.createNamespace(title(n)));
      double last = rate(NAMESPACES - PART, NAMESPACES, n -> client.createNamespace(title(n)));
      System.out.printf("creations a second: first fifth %.0f, last fifth %.0f%n", first, last);

      String middle = path(NAMESPACES / 2);
      String id =
          client
              .send("GET", "/v1/namespaces/" + middle, BodyPublishers.noBody())
              .ok()
              .json()
              .path("id")
              .asString();
      client.put(id, "k", Bytes.utf8("v")).ok();
      double byId = 0;
      double byTitle = 0;
      for (int round = 0; round < ROUNDS; round++) {
        byId = best(byId, rate(0, GETS, _ -> get(client, id)));
        byTitle = best(byTitle, rate(0, GETS, _ -> get(client, middle)));
      }
      System.out.printf("gets a second: by id %.0f, by title %.0f%n", byId, byTitle);

      long listing = System.nanoTime();
      assertThat(titles(client)).hasSize(NAMESPACES).doesNotHaveDuplicates();
      System.out.printf("all pages of the list: %.1f s%n", (System.nanoTime() - listing) / 1e9);

      assertThat(last)
          .as("creations a second, the last of %s", NAMESPACES)
          .isGreaterThan(first / FACTOR);
      assertThat(byTitle).as("gets a second by title").isGreaterThan(byId / FACTOR);
    }
    assertThat(server.terminate()).isZero();

    long start = System.nanoTime();
    try (RestClient client = servers.start(launch).client()) {
      System.out.printf("start: %.1f s%n", (System.nanoTime() - start) / 1e9);
      get(client, path(NAMESPACES / 2));
    }
  }
}
