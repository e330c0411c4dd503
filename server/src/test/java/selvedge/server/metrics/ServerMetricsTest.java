package selvedge.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** The text that Prometheus reads. */
final class ServerMetricsTest {
  private static final int SCRAPES = 64;

  @Test
  void concurrentScrapesListEachEdgeOnce() throws Exception {
    var metrics = new ServerMetrics(false);
    metrics.edges("follower.version", "version", () -> Map.of("fra", 1.0, "syd", 2.0));
    Callable<String> scrape = () -> metrics.text("text/plain");

    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      List<Future<String>> scrapes = threads.invokeAll(Collections.nCopies(SCRAPES, scrape));

      for (Future<String> each : scrapes) {
        assertThat(each.get())
            .containsOnlyOnce("selvedge_follower_version{edge=\"fra\"}")
            .containsOnlyOnce("selvedge_follower_version{edge=\"syd\"}");
      }
    }
  }
}
