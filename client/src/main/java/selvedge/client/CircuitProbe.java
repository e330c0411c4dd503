package selvedge.client;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Looks for a server that is ready while the circuit is open, and closes the circuit. Safe for use
 * by many threads.
 */
final class CircuitProbe implements AutoCloseable {
  private static final Duration PROBE = Duration.ofSeconds(1);
  private static final int FAILURE = 500;

  private final HttpClient http;
  private final List<URI> servers;
  private final Circuit circuit;
  private final RandomGenerator random;
  private volatile boolean closed;

  CircuitProbe(HttpClient http, List<URI> servers, Circuit circuit, RandomGenerator random) {
    this.http = http;
    this.servers = servers;
    this.circuit = circuit;
    this.random = random;
  }

  /** Starts to send one probe after the other until a server answers. */
  void start() {
    Thread.ofVirtual().name("selvedge-probe").start(this::run);
  }

  private void run() {
    try {
      while (!closed && circuit.isOpen()) {
        if (servers.stream().anyMatch(this::isReady)) {
          circuit.answered();
          return;
        }
        Thread.sleep(PROBE.plusNanos(random.nextLong(PROBE.toNanos() / 2)));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean isReady(URI server) {
    HttpRequest request =
        HttpRequest.newBuilder(Transport.at(server, "/readyz")).timeout(PROBE).build();
    try {
      return http.send(request, BodyHandlers.discarding()).statusCode() < FAILURE;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Override
  public void close() {
    closed = true;
  }
}
