package selvedge.patterns;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import selvedge.model.Bytes;
import selvedge.model.Change;
import selvedge.model.Entry;
import selvedge.model.Key;
import selvedge.model.Lookup;
import selvedge.model.Metadata;
import selvedge.model.Mutation;
import selvedge.model.Namespace;
import selvedge.model.ReadOptions;
import selvedge.model.Value;
import selvedge.model.Version;
import selvedge.model.Watch;

/**
 * Keeps the settings of a program current in memory, on a thread of its own, and notifies listeners
 * of changes. Safe for use by many threads.
 */
final class SettingsFollower implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("selvedge.patterns");
  private static final Duration LOOK_AGAIN = Duration.ofMillis(500);
  private static final Duration WAIT_FIRST = Duration.ofMillis(500);
  private static final Duration WAIT_MOST = Duration.ofSeconds(30);

  private final Namespace namespace;
  private final String prefix;
  private final Duration bound;
  private final Consumer<Duration> pause;
  private final Thread follower;
  private final List<Consumer<Settings.Change>> listeners = new CopyOnWriteArrayList<>();
  private volatile Map<String, Setting> values = Map.of();
  private volatile long updatedAt;
  private volatile boolean closed;

  /**
   * Reads all settings and follows their changes.
   *
   * @param pause waits between two tries to watch, until it is interrupted
   */
  SettingsFollower(Namespace namespace, String prefix, Duration bound, Consumer<Duration> pause) {
    this.namespace = namespace;
    this.prefix = prefix;
    this.bound = bound;
    this.pause = pause;
    Version start = readAll();
    this.follower = Thread.ofVirtual().name("selvedge-settings").start(() -> run(start));
  }

  /** Returns the settings by name. */
  Map<String, Setting> values() {
    return values;
  }

  /** Returns how long ago the settings were read, or the last change of one arrived. */
  Duration age() {
    return Duration.ofNanos(Math.max(0, System.nanoTime() - updatedAt));
  }

  Settings.Registration add(Consumer<Settings.Change> listener) {
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  private Version readAll() {
    Version start = namespace.latest();
    List<Key> keys = namespace.keys(prefix).map(listed -> listed.key()).toList();
    Map<String, Setting> read = new TreeMap<>();
    for (Lookup lookup : namespace.getAll(keys, ReadOptions.PLAIN)) {
      if (lookup instanceof Lookup.Found found) {
        Entry entry = found.entry();
        put(read, entry.key(), entry.value(), entry.metadata(), entry.version());
      }
    }
    replace(read);
    return start;
  }

  private void put(
      Map<String, Setting> settings, Key key, Value value, Metadata metadata, Version version) {
    String name = key.name().substring(prefix.length());
    settings.put(name, new Setting(name, value.bytes(), metadata, version));
  }

  /** Only the constructor and the thread that follows the changes call this. */
  private void replace(Map<String, Setting> current) {
    Map<String, Setting> before = values;
    values = Map.copyOf(current);
    updatedAt = System.nanoTime();
    if (!listeners.isEmpty()) {
      Set<String> names = new TreeSet<>(before.keySet());
      names.addAll(current.keySet());
      for (String name : names) {
        var change =
            new Settings.Change(
                name,
                Optional.ofNullable(before.get(name)),
                Optional.ofNullable(current.get(name)));
        if (!change.before().equals(change.after())) {
          listeners.forEach(listener -> call(listener, change));
        }
      }
    }
  }

  /** Catches every throwable: the settings would stay as they are if this thread ended. */
  private static void call(Consumer<Settings.Change> listener, Settings.Change change) {
    try {
      listener.accept(change);
    } catch (Throwable e) {
      LOG.log(
          System.Logger.Level.WARNING,
          "a listener of the setting \"" + change.name() + "\" failed",
          e);
    }
  }

  /** Catches every exception: the settings would stay as they are if this thread ended. */
  private void run(Version start) {
    Version after = start;
    Duration wait = shorter(WAIT_FIRST, bound);
    while (!closed) {
      try (Watch watch = namespace.watch(Bytes.utf8(prefix), after)) {
        while (!closed) {
          watch.next(LOOK_AGAIN).ifPresent(this::apply);
          after = watch.version();
          wait = shorter(WAIT_FIRST, bound);
          if (System.nanoTime() - updatedAt > bound.toNanos()) {
            readAll();
          }
        }
      } catch (RuntimeException e) {
        if (!closed) {
          LOG.log(
              System.Logger.Level.WARNING,
              "settings \"{0}\" are not watched; the next try is in {1}: {2}",
              prefix,
              wait,
              e);
          after = readAgain(after);
          pause.accept(wait);
          wait = shorter(wait.multipliedBy(2), shorter(WAIT_MOST, bound));
        }
      }
    }
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  private Version readAgain(Version before) {
    try {
      return readAll();
    } catch (RuntimeException e) {
      return before;
    }
  }

  static void sleep(Duration wait) {
    try {
      Thread.sleep(wait);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void apply(Change change) {
    Map<String, Setting> changed = new LinkedHashMap<>(values);
    switch (change.mutation()) {
      case Mutation.Put put ->
          put(changed, put.key(), put.value(), put.metadata(), change.version());
      case Mutation.Delete delete -> changed.remove(delete.key().name().substring(prefix.length()));
      case Mutation.Clear clear ->
          changed.keySet().removeIf(name -> clear.touches(Key.of(prefix + name).bytes()));
    }
    replace(changed);
  }

  @Override
  public void close() {
    closed = true;
    follower.interrupt();
  }
}
