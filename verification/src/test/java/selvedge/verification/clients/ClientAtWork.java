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
  private final List<Made> made = new CopyOnWriteArrayList<>();
  private @Nullable Thread thread;
  private volatile boolean stopped;

  /** The outcome of a put, as its client learns it. */
  enum Outcome {
    MADE,
    NOT_MADE,
    UNKNOWN
  }

  /** The times of an acknowledged put, in milliseconds of the clock that all processes share. */
  private record Made(long begun, long ended) {}

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
      long begun = System.currentTimeMillis();
      Outcome outcome;
      try {
        outcome = put.put(key, value(key));
      } catch (Exception _) {
        outcome = Outcome.UNKNOWN;
      }
      record(key, begun, outcome);
      pause();
    }
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Records a put that has ended now. */
  void record(String key, long begun, Outcome outcome) {
    outcomes.put(key, outcome);
    if (outcome == Outcome.MADE) {
      made.add(new Made(begun, System.currentTimeMillis()));
    }
  }

  int made() {
    return made.size();
  }

  /**
   * Returns the time of the first acknowledgement of a put that was begun after a moment; empty if
   * there is none yet. A put that was begun earlier may have been acknowledged before the moment.
   */
  OptionalLong firstAfter(long moment) {
    return made.reversed().stream()
        .takeWhile(each -> each.begun() > moment)
        .mapToLong(Made::ended)
        .min();
  }

  Map<String, Outcome> outcomes() {
    return new LinkedHashMap<>(outcomes);
  }
}
