package selvedge.verification.faults;

import java.net.URI;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import selvedge.model.Bytes;
import selvedge.verification.faults.ReplicaHistory.Acknowledged;
import selvedge.verification.process.Reply;
import selvedge.verification.process.RestClient;

/**
 * Writes one key after another at a voter, as a client does that knows one address, and remembers
 * which writes were acknowledged. One thread writes; others may read what it has done.
 */
final class QuorumWriter {
  private static final int FAST_WRITES = 100;
  private static final Set<Integer> EXPECTED = Set.of(200, 502, 503);

  private final RestClient client;
  private final String namespace;
  private final String id;
  private final Set<Integer> acknowledged = new ConcurrentSkipListSet<>();
  private final List<String> unexpected = new CopyOnWriteArrayList<>();
  private final Queue<Acknowledged> versions = new ConcurrentLinkedQueue<>();
  private final AtomicInteger unknown = new AtomicInteger();
  private final AtomicInteger newest = new AtomicInteger();
  private final Thread thread = Thread.ofVirtual().unstarted(this::write);
  private volatile boolean stopped;

  QuorumWriter(URI voter, String namespace, String id) {
    this.client = new RestClient(voter);
    this.namespace = namespace;
    this.id = id;
  }

  void start() {
    thread.start();
  }

  /** Ends the writing and waits for the last answer. */
  void stop() {
    stopped = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    client.close();
  }

  private void write() {
    var pace = new Pace(FAST_WRITES);
    for (int number = 0; !stopped; number++) {
      int before = made();
      try {
        Reply reply = client.put(namespace, key(number), value(number));
        long returned = System.nanoTime();
        if (reply.status() == 200) {
          versions.add(
              new Acknowledged(Long.parseLong(reply.header("Selvedge-Version")), returned));
          newest.set(number);
          acknowledged.add(number);
        } else if (reply.status() == 502 && reply.header("Retry-After").isEmpty()) {
          unknown.incrementAndGet();
        } else if (!EXPECTED.contains(reply.status())) {
          unexpected.add(reply.toString());
        } else if (reply.status() == 502 && !reply.header("Retry-After").isEmpty()) {
          unexpected.add("an unknown outcome invites to repeat the write: " + reply);
        }
      } catch (RuntimeException _) {
        // The voter was killed: nothing is known about this write.
      }
      pace.pauseAfter(made() > before);
    }
  }

  String key(int number) {
    return id + "-" + number;
  }

  Bytes value(int number) {
    return Bytes.utf8("value " + number + " of " + id);
  }

  int made() {
    return acknowledged.size();
  }

  int unknown() {
    return unknown.get();
  }

  int newest() {
    return newest.get();
  }

  Set<Integer> acknowledged() {
    return acknowledged;
  }

  /** Returns the acknowledged writes with their versions and times. */
  Queue<Acknowledged> versions() {
    return versions;
  }

  List<String> unexpected() {
    return unexpected;
  }
}
