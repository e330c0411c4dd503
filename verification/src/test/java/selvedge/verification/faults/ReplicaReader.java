package selvedge.verification.faults;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import selvedge.model.Bytes;
import selvedge.verification.faults.ReplicaHistory.Acknowledged;
import selvedge.verification.faults.ReplicaHistory.Answer;
import selvedge.verification.process.Reply;
import selvedge.verification.process.RestClient;

/**
 * A session that moves between servers: each request names the greatest version that the session
 * has seen or written. It reads and lists, and sometimes writes. One thread runs it.
 */
final class ReplicaReader {
  private static final int PAGE = 1000;
  private static final int FAST_CALLS = 500;

  private final int id;
  private final List<RestClient> servers;
  private final String namespace;
  private final String prefix;
  private final List<String> keys;
  private final SplittableRandom random;
  private final Queue<Acknowledged> acknowledged;
  private final List<Consumer<ReplicaHistory>> answers = new ArrayList<>();
  private final Thread thread = Thread.ofVirtual().unstarted(this::run);
  private long seen;
  private long written;
  private volatile boolean stopped;

  /**
   * @param prefix of all keys of the round
   * @param keys the keys that are read
   * @param acknowledged receives the writes
   */
  ReplicaReader(
      int id,
      List<RestClient> servers,
      String namespace,
      String prefix,
      List<String> keys,
      SplittableRandom random,
      Queue<Acknowledged> acknowledged) {
    this.id = id;
    this.servers = servers;
    this.namespace = namespace;
    this.prefix = prefix;
    this.keys = List.copyOf(keys);
    this.random = random;
    this.acknowledged = acknowledged;
  }

  void start() {
    thread.start();
  }

  void stop() throws InterruptedException {
    stopped = true;
    thread.join();
    servers.forEach(RestClient::close);
  }

  int answers() {
    return answers.size();
  }

  void check(ReplicaHistory history) {
    answers.forEach(each -> each.accept(history));
  }

  private void run() {
    var pace = new Pace(FAST_CALLS);
    while (!stopped) {
      call(random.nextInt(servers.size()));
      pace.pauseAfter(true);
    }
  }

  private void call(int server) {
    try {
      switch (random.nextInt(10)) {
        case 0 -> write(servers.get(server));
        case 1 -> list(server);
        default -> read(server, keys.get(random.nextInt(keys.size())));
      }
    } catch (RuntimeException _) {
      // The server was killed or cut off: there is no answer to check.
    }
  }

  private void write(RestClient client) {
    Reply reply = client.put(namespace, prefix + "own-" + id, Bytes.utf8("v"));
    long returned = System.nanoTime();
    if (reply.isOk()) {
      written = Long.parseLong(reply.header("Selvedge-Version"));
      acknowledged.add(new Acknowledged(written, returned));
    }
  }

  private void read(int server, String key) {
    long invoked = System.nanoTime();
    Reply reply = servers.get(server).get(namespace, key, least());
    if (reply.isOk() || reply.status() == 404) {
      Answer answer = answer(server, invoked, reply);
      long version = reply.isOk() ? reply.version() : ReplicaHistory.ABSENT;
      answers.add(history -> history.read(answer, key, version));
    }
  }

  private void list(int server) {
    long invoked = System.nanoTime();
    Reply reply =
        servers.get(server).list(namespace, "prefix=" + prefix + "&limit=" + PAGE, least());
    if (reply.isOk() && reply.json().path("result").size() < PAGE) {
      Answer answer = answer(server, invoked, reply);
      Set<String> found = new HashSet<>();
      reply.json().path("result").forEach(each -> found.add(each.path("name").asString()));
      answers.add(history -> history.listed(answer, prefix, found));
    }
  }

  private String[] least() {
    return new String[] {"Selvedge-At-Least", Long.toString(Math.max(seen, written))};
  }

  private Answer answer(int server, long invoked, Reply reply) {
    long asOf = Long.parseLong(reply.header("Selvedge-As-Of"));
    String age = reply.header("Selvedge-Age");
    var answer =
        new Answer(
            "reader " + id + " at server " + server,
            invoked,
            seen,
            written,
            asOf,
            age.isEmpty() || age.equals("unknown")
                ? OptionalLong.empty()
                : OptionalLong.of(Long.parseLong(age)));
    seen = Math.max(seen, asOf);
    return answer;
  }
}
