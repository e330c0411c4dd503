package selvedge.verification.faults;

import static selvedge.verification.faults.Operation.ABSENT;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.LongFunction;
import java.util.stream.Stream;
import selvedge.model.Bytes;
import selvedge.verification.faults.ReplicaHistory.Acknowledged;
import selvedge.verification.process.Polling;
import selvedge.verification.process.QuorumProcesses;
import selvedge.verification.process.Reply;
import selvedge.verification.process.RestClient;

/**
 * The work of one round on keys of its own: writers at each voter, witnesses whose calls must be in
 * one order, sessions that move between all servers, and watchers. Belongs to one thread.
 */
final class FaultRound {
  private static final int WITNESSES = 3;
  private static final int READERS = 3;
  private static final int WRITES = 10;

  private final QuorumProcesses voters;
  private final List<String> servers;
  private final String namespace;
  private final String prefix;
  private final Map<String, Queue<Operation>> histories = new LinkedHashMap<>();
  private final List<QuorumWriter> writers = new ArrayList<>();
  private final List<QuorumWitness> witnesses = new ArrayList<>();
  private final List<ReplicaReader> readers = new ArrayList<>();
  private final List<Watcher> watchers = new ArrayList<>();
  private final Queue<Acknowledged> acknowledged = new ConcurrentLinkedQueue<>();
  private final long begin;

  /**
   * The result of a round.
   *
   * @param calls the calls that are in one order
   * @param answers the answers of replicas that are states of the order
   */
  record Result(int acknowledged, int unknown, int calls, int answers, List<String> violations) {}

  /**
   * @param servers voters and edges
   * @param random returns the choices of a stream
   */
  FaultRound(
      QuorumProcesses voters,
      List<String> servers,
      String namespace,
      int number,
      LongFunction<SplittableRandom> random)
      throws Exception {
    this.voters = voters;
    this.servers = List.copyOf(servers);
    this.namespace = namespace;
    this.prefix = "r" + number + "-";
    this.begin = mark("begin");
    List<String> registers = Stream.of("a", "b", "c").map(each -> prefix + "k" + each).toList();
    List<String> counters = List.of(prefix + "kn");
    Stream.concat(registers.stream(), counters.stream())
        .forEach(key -> histories.put(key, Witness.history()));
    for (String name : QuorumProcesses.NAMES) {
      writers.add(new QuorumWriter(voters.uri(name), namespace, prefix + "w" + name));
    }
    for (int i = 0; i < WITNESSES; i++) {
      var witness = new Witness(i, random.apply(i + 1), registers, counters, histories);
      witnesses.add(
          new QuorumWitness(
              witness.readingStrongly(), clients(), namespace, random.apply(100 + i)));
    }
    List<String> read = new ArrayList<>(histories.keySet());
    for (int i = 0; i < READERS; i++) {
      readers.add(
          new ReplicaReader(
              i, clients(), namespace, prefix + "k", read, random.apply(200 + i), acknowledged));
    }
    servers.forEach(name -> watchers.add(new Watcher(name, voters.client(name), namespace, begin)));
    watchers.forEach(Watcher::start);
    writers.forEach(QuorumWriter::start);
    witnesses.forEach(QuorumWitness::start);
    readers.forEach(ReplicaReader::start);
  }

  private List<RestClient> clients() {
    return servers.stream().map(voters::client).toList();
  }

  /** Writes a key of the round at a voter until that succeeds, and returns the version. */
  private long mark(String key) throws Exception {
    List<Long> versions = new ArrayList<>();
    Polling.await(
        "the key " + key + " is written",
        () -> {
          try (RestClient client = voters.client(voters.leader())) {
            Reply reply = client.put(namespace, prefix + key, Bytes.utf8("v"));
            if (reply.isOk()) {
              versions.add(Long.parseLong(reply.header("Selvedge-Version")));
            }
            return reply.isOk();
          }
        });
    return versions.getFirst();
  }

  /** Waits until the given number of writers have made more writes. */
  void awaitWrites(int count) throws Exception {
    List<Integer> before = writers.stream().map(QuorumWriter::made).toList();
    Polling.await(
        count + " writers write",
        () -> {
          int done = 0;
          for (int i = 0; i < writers.size(); i++) {
            done += writers.get(i).made() >= before.get(i) + WRITES ? 1 : 0;
          }
          return done >= count;
        });
  }

  /** Returns how many writes were acknowledged at a voter. */
  int made(String name) {
    return writers.get(QuorumProcesses.NAMES.indexOf(name)).made();
  }

  /** Returns whether a write had the status, which writers do not expect. */
  boolean wasAnswered(int status) {
    return writers.stream()
        .flatMap(each -> each.unexpected().stream())
        .anyMatch(each -> each.startsWith(status + " "));
  }

  void awaitAllWriters() throws Exception {
    awaitWrites(writers.size());
  }

  /**
   * Ends the work and checks it.
   *
   * @param allowed statuses of writes that the fault explains
   */
  Result end(Set<Integer> allowed) throws Exception {
    writers.forEach(QuorumWriter::stop);
    witnesses.forEach(QuorumWitness::stop);
    for (ReplicaReader reader : readers) {
      reader.stop();
    }
    long end = mark("end");
    for (Watcher watcher : watchers) {
      Polling.await(watcher + " has received everything", () -> watcher.hasReached(end));
      watcher.stop();
    }
    List<String> violations = new ArrayList<>();
    Watcher order = watchers.get(servers.indexOf(voters.leader()));
    writers.forEach(each -> acknowledged.addAll(each.versions()));
    var history = new ReplicaHistory(order.received(), List.copyOf(acknowledged));
    watchers.forEach(each -> each.check(history));
    readers.forEach(each -> each.check(history));
    violations.addAll(history.violations());
    violations.addAll(lost());
    writers.stream()
        .flatMap(each -> each.unexpected().stream())
        .filter(each -> allowed.stream().noneMatch(status -> each.startsWith(status + " ")))
        .map(each -> "answer: " + each)
        .forEach(violations::add);
    histories.forEach(
        (key, operations) -> {
          var calls = new History(ABSENT, List.copyOf(operations));
          if (!calls.isLinearizable()) {
            violations.add("linearizable: the calls on " + key + ":\n" + calls);
          }
        });
    return new Result(
        writers.stream().mapToInt(QuorumWriter::made).sum(),
        writers.stream().mapToInt(QuorumWriter::unknown).sum(),
        histories.values().stream().mapToInt(Queue::size).sum(),
        readers.stream().mapToInt(ReplicaReader::answers).sum()
            + watchers.stream().mapToInt(each -> each.received().size()).sum(),
        violations);
  }

  /** Returns the acknowledged writes that are not everywhere with their content. */
  private List<String> lost() throws Exception {
    List<String> lost = new ArrayList<>();
    for (String server : servers) {
      try (RestClient client = voters.client(server)) {
        for (QuorumWriter writer : writers) {
          for (int number : writer.acknowledged()) {
            Reply reply = client.get(namespace, writer.key(number));
            if (reply.status() != 200 || !reply.body().equals(writer.value(number))) {
              lost.add("lost: " + server + " lacks " + writer.key(number) + ": " + reply.status());
            }
          }
        }
      }
    }
    return lost;
  }
}
