package selvedge.verification.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;

/**
 * A TCP load balancer as operators have one: it sends connections to the server whose {@code
 * /leaderz} succeeds, asks every 200 ms, and closes the connections to a server that has failed.
 */
public final class Balancer implements AutoCloseable {
  private static final Duration CHECK = Duration.ofMillis(200);
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final List<URI> servers;
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
  private final Relay relay;
  private final Thread checking = Thread.ofVirtual().unstarted(this::check);
  private volatile URI chosen;

  /** Starts a balancer for servers of one cluster. */
  public Balancer(List<URI> servers) {
    this.servers = List.copyOf(servers);
    this.chosen = servers.getFirst();
    this.relay =
        Relay.to(
            () -> new InetSocketAddress(InetAddress.getLoopbackAddress(), chosen.getPort()),
            Duration.ZERO);
    checking.start();
  }

  public URI uri() {
    return relay.uri();
  }

  private void check() {
    try {
      while (true) {
        if (!leads(chosen)) {
          choose();
        }
        Thread.sleep(CHECK);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void choose() throws InterruptedException {
    for (URI server : servers) {
      if (leads(server)) {
        chosen = server;
        relay.disconnect();
        return;
      }
    }
  }

  private boolean leads(URI server) throws InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(server.resolve("/leaderz")).timeout(PATIENCE).build();
    try {
      return http.send(request, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException _) {
      return false;
    }
  }

  @Override
  public void close() {
    checking.interrupt();
    relay.close();
    http.shutdownNow();
  }
}
