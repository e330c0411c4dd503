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
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A TCP load balancer as operators have one: it sends connections to the server whose {@code
 * /leaderz} succeeds, asks every 200 ms, and closes the connections to a server that has failed.
 * New connections wait for up to ten seconds while no server succeeds.
 */
public final class Balancer implements AutoCloseable {
  private static final Duration CHECK = Duration.ofMillis(200);
  private static final Duration PATIENCE = Duration.ofSeconds(1);
  private static final Duration QUEUE = Duration.ofSeconds(10);

  private final List<URI> servers;
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
  private final Relay relay;
  private final Thread checking = Thread.ofVirtual().unstarted(this::check);
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition found = lock.newCondition();
  private URI chosen;
  private boolean works;

  /** Starts a balancer for servers of one cluster. */
  public Balancer(List<URI> servers) {
    this.servers = List.copyOf(servers);
    this.chosen = servers.getFirst();
    this.relay = Relay.to(this::target, Duration.ZERO);
    checking.start();
  }

  public URI uri() {
    return relay.uri();
  }

  /** Returns the address of the server that leads, once there is one; the last one otherwise. */
  private InetSocketAddress target() {
    lock.lock();
    try {
      long left = QUEUE.toNanos();
      while (!works && left > 0) {
        left = found.awaitNanos(left);
      }
      return new InetSocketAddress(InetAddress.getLoopbackAddress(), chosen.getPort());
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    } finally {
      lock.unlock();
    }
  }

  private void check() {
    try {
      URI last = servers.getFirst();
      while (true) {
        if (leads(last)) {
          set(last, true);
        } else {
          set(last, false);
          relay.disconnect();
          last = choose(last);
        }
        Thread.sleep(CHECK);
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private URI choose(URI last) throws InterruptedException {
    for (URI server : servers) {
      if (leads(server)) {
        set(server, true);
        return server;
      }
    }
    return last;
  }

  private void set(URI server, boolean leads) {
    lock.lock();
    try {
      chosen = server;
      works = leads;
      found.signalAll();
    } finally {
      lock.unlock();
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
