package selvedge.verification.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import selvedge.verification.process.Launch;
import selvedge.verification.process.Polling;
import selvedge.verification.process.PreloadedMachine;
import selvedge.verification.process.RestClient;
import selvedge.verification.process.ServerProcess;
import selvedge.verification.process.Servers;

/** Server processes whose clocks jump and are put right. */
@Tag("soak")
final class WrongClockTest {
  private static final Duration TEN_YEARS = Duration.ofDays(3650);

  @RegisterExtension final Servers servers = new Servers();
  @TempDir Path folder;

  /** Pieces of upkeep within which the origin has swept twice. */
  private static final long PIECES = 6;

  private Launch launch(String name) {
    return Launch.on(folder.resolve(name).resolve("data")).limit("sweep-seconds", 1);
  }

  private PreloadedMachine machine(String name) throws IOException {
    return PreloadedMachine.in(folder.resolve(name + "-machine"), folder.resolve(name));
  }

  private static String doubt(RestClient client) {
    return client
        .send("GET", "/v1/status", BodyPublishers.noBody())
        .ok()
        .json()
        .path("clock_doubt")
        .asString("");
  }

  private static long upkeep(RestClient client) {
    return client
        .send("GET", "/metrics", BodyPublishers.noBody())
        .ok()
        .body()
        .utf8()
        .lines()
        .filter(line -> line.startsWith("selvedge_upkeep_seconds_count"))
        .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
        .sum();
  }

  private static void awaitUpkeep(RestClient client) throws Exception {
    long before = upkeep(client);
    Polling.await("sweeps", () -> upkeep(client) >= before + PIECES);
  }

  private static void put(RestClient client, String namespace, String key, long ttl) {
    client
        .send(
            "PUT",
            "/v1/namespaces/" + namespace + "/values/" + key + "?ttl=" + ttl,
            BodyPublishers.ofString("open"))
        .ok();
  }

  @Test
  void nothingAliveIsFreedWhileTheClockOfAnEdgeOrOfTheOriginIsWrong() throws Exception {
    PreloadedMachine first = machine("origin");
    PreloadedMachine second = machine("edge");
    try (ServerProcess origin = servers.start(launch("origin").on(first));
        RestClient writer = origin.client();
        ServerProcess edge = servers.start(launch("edge").follow(origin.uri(), "fra").on(second));
        RestClient reader = edge.client()) {
      String namespace = writer.createNamespace("sessions");
      put(writer, namespace, "alive", 3600);
      Polling.await("the entry", () -> reader.get(namespace, "alive").isOk());

      second.skew(TEN_YEARS);
      Polling.await("a doubt", () -> doubt(reader).contains("jumped"));
      awaitUpkeep(writer);
      assertThat(reader.get(namespace, "alive").status()).as("by the origin's time").isEqualTo(200);
      second.skew(Duration.ZERO);
      Polling.await("no doubt", () -> doubt(reader).isEmpty());
      assertThat(reader.get(namespace, "alive").status()).isEqualTo(200);

      first.skew(TEN_YEARS);
      Polling.await("a doubt", () -> doubt(writer).contains("jumped"));
      Polling.await("hidden", () -> writer.get(namespace, "alive").status() == 404);
      awaitUpkeep(writer);
      first.skew(Duration.ZERO);
      Polling.await("no doubt", () -> doubt(writer).isEmpty());
      assertThat(writer.get(namespace, "alive").status()).isEqualTo(200);
      Polling.await("visible at the edge", () -> reader.get(namespace, "alive").isOk());
    }
  }

  @Test
  void aNewEdgeDoubtsAClockThatIsAsWrongAsThatOfItsOrigin() throws Exception {
    PreloadedMachine first = machine("origin");
    PreloadedMachine second = machine("edge");
    second.skew(TEN_YEARS);
    try (ServerProcess origin = servers.start(launch("origin").on(first));
        RestClient writer = origin.client()) {
      first.skew(TEN_YEARS);
      Polling.await("a doubt", () -> doubt(writer).contains("jumped"));

      try (ServerProcess edge =
              servers.start(launch("edge").follow(origin.uri(), "fra").on(second));
          RestClient reader = edge.client()) {
        Polling.await(
            "a store", () -> reader.send("GET", "/readyz", BodyPublishers.noBody()).isOk());

        assertThat(doubt(reader)).contains("last trusted");
        second.skew(Duration.ZERO);
        Polling.await("no doubt", () -> doubt(reader).isEmpty());
      }
    }
  }
}
