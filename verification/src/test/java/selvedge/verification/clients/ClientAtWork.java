package selvedge.verification.clients;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * A client that puts one key after another, and what came of each. One thread runs it; others may
 * read what it has done.
 */
final class ClientAtWork {
  private static final long PAUSE_MILLIS = 20;

  private final String name;
  private final Map<String, Outcome> outcomes = new ConcurrentHashMap<>();
  private final List<Long> acknowledged = new CopyOnWriteArrayList<>();
  private @Nullable Thread thread;
  private volatile boolean stopped;

  /** The outcome of a put, as its client learns it. */
  enum Outcome {
    MADE,
    NOT_MADE,
    UNKNOWN
  }

  /** Makes a put. */
  interface Put {
    /** Puts the value of a key, and returns what the client learns about it. */
    Outcome put(String key, String value) throws Exception;
  }

  ClientAtWork(String name) {
    this.name = name;
  }

  String name() {
    return name;
  }

  /** Starts to make one put after another. */
  void start(Put put) {
    thread = Thread.ofPlatform().daemon().start(() -> run(put));
  }

  void stop() throws InterruptedException {
    stopped = true;
    Thread running = thread;
    if (running != null) {
      running.join();
    }
  }

  static String value(String key) {
    return "value of " + key;
  }

  private void run(Put put) {
    for (int i = 0; !stopped; i++) {
      String key = name + "-" + i;
      Outcome outcome;
      try {
        outcome = put.put(key, value(key));
        Thread.sleep(PAUSE_MILLIS);
      } catch (Exception _) {
        outcome = Outcome.UNKNOWN;
      }
      record(key, outcome);
    }
  }

  /** Records a put that has ended now. */
  void record(String key, Outcome outcome) {
    outcomes.put(key, outcome);
    if (outcome == Outcome.MADE) {
      acknowledged.add(System.nanoTime());
    }
  }

  int made() {
    return acknowledged.size();
  }

  /** Returns the time of the first acknowledgement after a moment; empty if there is none yet. */
  OptionalLong firstAfter(long moment) {
    return acknowledged.reversed().stream()
        .takeWhile(each -> each - moment > 0)
        .mapToLong(Long::longValue)
        .min();
  }

  Map<String, Outcome> outcomes() {
    return new LinkedHashMap<>(outcomes);
  }
}
