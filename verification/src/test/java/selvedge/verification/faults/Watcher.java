package selvedge.verification.faults;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import selvedge.verification.faults.ReplicaHistory.Change;
import selvedge.verification.process.RestClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A watcher of a namespace at one server, which connects again after the last change that it has
 * seen. One thread runs it; others may read what it has received.
 */
final class Watcher {
  private static final JsonMapper JSON = new JsonMapper();
  private static final long PAUSE_NANOS = 50_000_000;

  private final String name;
  private final RestClient client;
  private final String namespace;
  private final long after;
  private final List<Change> received = new CopyOnWriteArrayList<>();
  private final Thread thread = Thread.ofVirtual().unstarted(this::run);
  private volatile long position;
  private volatile boolean stopped;

  Watcher(String name, RestClient client, String namespace, long after) {
    this.name = name;
    this.client = client;
    this.namespace = namespace;
    this.after = after;
    this.position = after;
  }

  void start() {
    thread.start();
  }

  void stop() throws InterruptedException {
    stopped = true;
    client.close();
    thread.join();
  }

  @Override
  public String toString() {
    return "the watcher at " + name;
  }

  boolean hasReached(long version) {
    return position >= version;
  }

  List<Change> received() {
    return received;
  }

  void check(ReplicaHistory history) {
    history.watched(name, after, received);
  }

  private void run() {
    while (!stopped) {
      try (InputStream in =
              client.stream("/v1/feed?after=" + position + "&namespace=" + namespace);
          var lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
        for (String line = lines.readLine(); line != null && !stopped; line = lines.readLine()) {
          take(JSON.readTree(line));
        }
      } catch (IOException | RuntimeException _) {
        // The server was killed or cut off.
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  private void take(JsonNode line) {
    if (line.has("heartbeat")) {
      position = Math.max(position, line.path("heartbeat").asLong());
    } else if (line.has("version")) {
      long version = line.path("version").asLong();
      received.add(
          new Change(
              version, line.path("key").asString(), line.path("type").asString().equals("put")));
      position = version;
    }
  }
}
