package selvedge.patterns;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import selvedge.model.Bytes;
import selvedge.model.Change;
import selvedge.model.Codec;
import selvedge.model.InvalidRequestException;
import selvedge.model.Key;
import selvedge.model.Lookup;
import selvedge.model.Mutation;
import selvedge.model.Namespace;
import selvedge.model.ReadOptions;
import selvedge.model.Version;
import selvedge.model.Watch;
import selvedge.model.WriteOptions;

/**
 * The configuration of a program, read from memory and kept current by a watch. Safe for use by
 * many threads.
 *
 * <p>All settings are read again when no change has arrived for the bound. While the watch fails,
 * they are read again before each new try: after half a second at first, later after up to 30
 * seconds or the bound, whichever is shorter.
 *
 * {@snippet class="selvedge.examples.Tour" region="settings"}
 */
public final class Settings implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("selvedge.patterns");
  private static final Duration LOOK_AGAIN = Duration.ofMillis(500);
  private static final Duration WAIT_FIRST = Duration.ofMillis(500);
  private static final Duration WAIT_MOST = Duration.ofSeconds(30);

  private final Namespace namespace;
  private final String prefix;
  private final Duration bound;
  private final Consumer<Duration> pause;
  private final Thread follower;
  private volatile Map<String, Bytes> values = Map.of();
  private volatile long updatedAt;
  private volatile boolean closed;

  /**
   * Opens settings with another way to wait.
   *
   * @param pause waits between two tries to watch, until it is interrupted
   */
  Settings(Namespace namespace, String prefix, Duration bound, Consumer<Duration> pause) {
    this.namespace = namespace;
    this.prefix = prefix;
    this.bound = bound;
    this.pause = pause;
    Version start = readAll();
    this.follower = Thread.ofVirtual().name("selvedge-settings").start(() -> run(start));
  }

  /**
   * Reads all settings with a prefix and watches them until {@link #close}.
   *
   * @param namespace the namespace of the settings
   * @param prefix the start of their keys
   * @param bound the age after which all settings are read again, if no change arrives
   * @return the settings, which the caller must close
   * @throws InvalidRequestException if the bound is not positive
   * @throws selvedge.model.SelvedgeException if the settings cannot be read now
   */
  public static Settings open(Namespace namespace, String prefix, Duration bound) {
    if (bound.isNegative() || bound.isZero()) {
      throw new InvalidRequestException("bound must be longer than zero, got " + bound);
    }
    return new Settings(namespace, prefix, bound, Settings::sleep);
  }

  private synchronized Version readAll() {
    Version start = namespace.latest();
    List<Key> keys = namespace.keys(prefix).map(listed -> listed.key()).toList();
    Map<String, Bytes> read = new TreeMap<>();
    for (Lookup lookup : namespace.getAll(keys, ReadOptions.PLAIN)) {
      if (lookup instanceof Lookup.Found found) {
        read.put(name(found.entry().key()), found.entry().value().bytes());
      }
    }
    values = Map.copyOf(read);
    updatedAt = System.nanoTime();
    return start;
  }

  private String name(Key key) {
    return key.name().substring(prefix.length());
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

  private static void sleep(Duration wait) {
    try {
      Thread.sleep(wait);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void apply(Change change) {
    Map<String, Bytes> changed = new LinkedHashMap<>(values);
    if (change.mutation() instanceof Mutation.Put put) {
      changed.put(name(put.key()), put.value().bytes());
    } else if (change.mutation() instanceof Mutation.Delete delete) {
      changed.remove(name(delete.key()));
    } else {
      changed.keySet().removeIf(name -> change.mutation().touches(Key.of(prefix + name).bytes()));
    }
    values = Map.copyOf(changed);
    updatedAt = System.nanoTime();
  }

  /**
   * Returns how long ago the settings were read, or the last change of one arrived.
   *
   * @return the age, which is normally below the bound
   */
  public Duration age() {
    return Duration.ofNanos(Math.max(0, System.nanoTime() - updatedAt));
  }

  /**
   * Returns a setting as a value of a type, or {@code otherwise} if it does not exist.
   *
   * @param <T> the type of the value
   * @param name the name of the setting
   * @param codec decodes the value
   * @param otherwise the result if there is no such setting
   * @return the value
   * @throws InvalidRequestException if the codec cannot read the setting
   */
  public <T> T get(String name, Codec<T> codec, T otherwise) {
    return Optional.ofNullable(values.get(name)).map(codec::decode).orElse(otherwise);
  }

  /**
   * Returns a setting that must exist.
   *
   * @param <T> the type of the value
   * @param name the name of the setting
   * @param codec decodes the value
   * @return the value
   * @throws InvalidRequestException if the setting does not exist or the codec cannot read it
   */
  public <T> T require(String name, Codec<T> codec) {
    Bytes value = values.get(name);
    if (value == null) {
      throw new InvalidRequestException(
          "the setting \"" + name + "\" is required: put a value under " + prefix + name);
    }
    return codec.decode(value);
  }

  /**
   * Returns a setting as text, or {@code otherwise} if it does not exist.
   *
   * @param name the name of the setting
   * @param otherwise the result if there is no such setting
   * @return the value
   */
  public String text(String name, String otherwise) {
    return get(name, Codec.TEXT, otherwise);
  }

  /**
   * Returns a setting as a whole number, or {@code otherwise} if it does not exist.
   *
   * @param name the name of the setting
   * @param otherwise the result if there is no such setting
   * @return the value
   * @throws InvalidRequestException if the setting is no whole number
   */
  public long number(String name, long otherwise) {
    return get(name, Codec.NUMBER, otherwise);
  }

  /**
   * Returns a setting as a boolean, or {@code otherwise} if it does not exist.
   *
   * @param name the name of the setting
   * @param otherwise the result if there is no such setting
   * @return the value
   * @throws InvalidRequestException if the setting is neither {@code true} nor {@code false}
   */
  public boolean isOn(String name, boolean otherwise) {
    String value = text(name, Boolean.toString(otherwise));
    if (!value.equals("true") && !value.equals("false")) {
      throw new InvalidRequestException(
          "setting \"" + name + "\" must be true or false, got \"" + value + "\"");
    }
    return Boolean.parseBoolean(value);
  }

  /**
   * Returns all settings whose names begin with the given text.
   *
   * @param start the start of the names; empty for all settings
   * @return the settings as text by name
   */
  public Map<String, String> all(String start) {
    Map<String, String> all = new TreeMap<>();
    values.forEach(
        (name, value) -> {
          if (name.startsWith(start)) {
            all.put(name, value.utf8());
          }
        });
    return all;
  }

  /**
   * Stores a setting. This and other processes read it as soon as its change arrives. Blocks until
   * it is stored.
   *
   * @param <T> the type of the value
   * @param name the name of the setting
   * @param value the value
   * @param codec encodes the value
   */
  public <T> void set(String name, T value, Codec<T> codec) {
    namespace.put(prefix + name, value, codec, WriteOptions.PLAIN);
  }

  /**
   * Stores a setting as text. Blocks until it is stored.
   *
   * @param name the name of the setting
   * @param value the value
   */
  public void set(String name, String value) {
    set(name, value, Codec.TEXT);
  }

  /**
   * Stores all settings of a map as text. Blocks until they are stored.
   *
   * @param settings the values by name
   * @return the settings that could not be stored; a failure is no exception
   */
  public Bulk.Summary setAll(Map<String, String> settings) {
    Map<Key, Bytes> entries = new LinkedHashMap<>();
    settings.forEach((name, value) -> entries.put(Key.of(prefix + name), Bytes.utf8(value)));
    return Bulk.of(namespace).putAll(entries);
  }

  /**
   * Removes a setting. One that does not exist is not an error. Blocks until it is removed.
   *
   * @param name the name of the setting
   */
  public void remove(String name) {
    namespace.delete(prefix + name);
  }

  /**
   * Changes a setting by compare-and-set and returns the new value.
   *
   * @param <T> the type of the value
   * @param name the name of the setting
   * @param codec encodes and decodes the value
   * @param otherwise the value of a setting that does not exist
   * @param change returns the new value; it may be called again when another process changed the
   *     setting meanwhile
   * @return the new value
   * @throws InvalidRequestException if the codec cannot read the setting
   */
  public <T> T update(String name, Codec<T> codec, T otherwise, UnaryOperator<T> change) {
    return Update.run(
        namespace,
        Key.of(prefix + name),
        current -> {
          T before = current.map(entry -> codec.decode(entry.value().bytes())).orElse(otherwise);
          T after = change.apply(before);
          return Update.Decision.put(codec.encode(after), WriteOptions.PLAIN, after);
        });
  }

  /** Ends the watch. The settings remain readable as they were last. */
  @Override
  public void close() {
    closed = true;
    follower.interrupt();
  }
}
