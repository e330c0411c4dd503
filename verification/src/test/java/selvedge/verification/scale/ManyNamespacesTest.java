package selvedge.verification.scale;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
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
 * A server with many namespaces beside one with few. Their number must not slow down creating one
 * or finding one by its title. It prints the figures of docs/scale.md.
 *
 * <p>Both servers answer in turns, so other work on the machine disturbs both alike.
 */
@Tag("soak")
final class ManyNamespacesTest {
  private static final int NAMESPACES = Integer.getInteger("namespaces", 20_000);
  private static final int CLIENTS = 32;
  private static final int TURNS = 1_000;
  private static final int WARM_UP = 200;

  /** A scan of all namespaces made creations 60 times and gets by title 28 times as slow. */
  private static final double FACTOR = 3;

  @RegisterExtension final Servers servers = new Servers();
  @TempDir Path folder;

  private Launch launch(String name) {
    return Launch.on(folder.resolve(name)).jvm("-Xmx512m");
  }

  private static void fill(RestClient client) throws Exception {
    var next = new AtomicInteger();
    try (ExecutorService threads = Executors.newFixedThreadPool(CLIENTS)) {
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        running.add(
            threads.submit(
                () -> {
                  for (int n = next.getAndIncrement(); n < NAMESPACES; n = next.getAndIncrement()) {
                    client.createNamespace("namespace " + n);
                  }
                }));
      }
      for (Future<?> each : running) {
        each.get();
      }
    }
  }

  /** Does both in turns, and returns the median time of each in milliseconds. */
  private static double[] medians(IntConsumer one, IntConsumer other) {
    long[] first = new long[TURNS];
    long[] second = new long[TURNS];
    for (int i = -WARM_UP; i < TURNS; i++) {
      long start = System.nanoTime();
      one.accept(i);
      long middle = System.nanoTime();
      other.accept(i);
      if (i >= 0) {
        first[i] = middle - start;
        second[i] = System.nanoTime() - middle;
      }
    }
    return new double[] {median(first), median(second)};
  }

  private static double median(long[] nanos) {
    Arrays.sort(nanos);
    return nanos[nanos.length / 2] / 1e6;
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
    ServerProcess server = servers.start(launch("many"));
    try (RestClient many = server.client();
        RestClient few = servers.start(launch("few")).client()) {
      long start = System.nanoTime();
      fill(many);
      System.out.printf("%d creations: %.0f s%n", NAMESPACES, (System.nanoTime() - start) / 1e9);

      double[] creations =
          medians(n -> many.createNamespace("more " + n), n -> few.createNamespace("more " + n));
      System.out.printf("a creation: many %.2f, few %.2f ms%n", creations[0], creations[1]);

      String id = many.createNamespace("middle");
      many.put(id, "k", Bytes.utf8("v")).ok();
      double[] gets = medians(_ -> get(many, "middle"), _ -> get(many, id));
      System.out.printf("a get: by title %.2f, by id %.2f ms%n", gets[0], gets[1]);

      long listing = System.nanoTime();
      assertThat(titles(many)).hasSize(NAMESPACES + TURNS + WARM_UP + 1).doesNotHaveDuplicates();
      System.out.printf("all pages of the list: %.1f s%n", (System.nanoTime() - listing) / 1e9);

      assertThat(creations[0]).as("a creation").isLessThan(creations[1] * FACTOR);
      assertThat(gets[0]).as("a get by title").isLessThan(gets[1] * FACTOR);
    }
    assertThat(server.terminate()).isZero();

    long start = System.nanoTime();
    try (RestClient client = servers.start(launch("many")).client()) {
      System.out.printf("start: %.1f s%n", (System.nanoTime() - start) / 1e9);
      get(client, "middle");
    }
  }
}
