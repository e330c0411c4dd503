package selvedge.patterns;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import selvedge.model.Bytes;
import selvedge.model.Change;
import selvedge.model.Codec;
import selvedge.model.Get;
import selvedge.model.InvalidRequestException;
import selvedge.model.Key;
import selvedge.model.Lookup;
import selvedge.model.Mutation;
import selvedge.model.Namespace;
import selvedge.model.Put;
import selvedge.model.SelvedgeException;
import selvedge.model.Version;
import selvedge.model.Watch;

/**
 * The configuration of a program: read from memory, and changed here as soon as it is changed
 * anywhere. Safe for use by many threads.
 *
 * <p>When changes do not arrive, everything is read anew once it is older than the bound.
 *
 * {@snippet class="selvedge.examples.Tour" region="settings"}
 */
public final class Settings implements AutoCloseable {
  private static final Duration LOOK_AGAIN = Duration.ofMillis(500);

  private final Namespace namespace;
  private final String prefix;
  private final Duration bound;
  private final Thread follower;
  private volatile Map<String, Bytes> values = Map.of();
  private volatile long heard;
  private volatile boolean closed;

  private Settings(Namespace namespace, String prefix, Duration bound) {
    this.namespace = namespace;
    this.prefix = prefix;
    this.bound = bound;
    Version start = readAll();
    this.follower = Thread.ofVirtual().name("selvedge-settings").start(() -> run(start));
  }

  /**
   * Reads all settings with a prefix, and follows them from then on.
   *
   * @param bound how old they may be when no change arrives
   */
  public static Settings open(Namespace namespace, String prefix, Duration bound) {
    if (bound.isNegative() || bound.isZero()) {
      throw new InvalidRequestException("settings may be somewhat old, not " + bound);
    }
    return new Settings(namespace, prefix, bound);
  }

  private synchronized Version readAll() {
    Version start = namespace.latest();
    List<Key> keys = namespace.keys(prefix).map(listed -> listed.key()).toList();
    Map<String, Bytes> read = new TreeMap<>();
    for (Lookup lookup : namespace.getAll(keys, Get.PLAIN)) {
      if (lookup instanceof Lookup.Found found) {
        read.put(name(found.entry().key()), found.entry().value().bytes());
      }
    }
    values = Map.copyOf(read);
    heard = System.nanoTime();
    return start;
  }

  private String name(Key key) {
    return key.name().substring(prefix.length());
  }

  private void run(Version start) {
    Version after = start;
    while (!closed) {
      try (Watch watch = namespace.watch(Bytes.utf8(prefix), after)) {
        while (!closed) {
          watch.next(LOOK_AGAIN).ifPresent(this::apply);
          after = watch.version();
          if (System.nanoTime() - heard > bound.toNanos()) {
            readAll();
          }
        }
      } catch (SelvedgeException e) {
        after = anew(after);
      }
    }
  }

  private Version anew(Version before) {
    try {
      return readAll();
    } catch (SelvedgeException e) {
      pause();
      return before;
    }
  }

  private static void pause() {
    try {
      Thread.sleep(LOOK_AGAIN);
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
    heard = System.nanoTime();
  }

  /** How long ago all of this was read, or changed last. */
  public Duration age() {
    return Duration.ofNanos(Math.max(0, System.nanoTime() - heard));
  }

  public <T> T get(String name, Codec<T> codec, T otherwise) {
    return Optional.ofNullable(values.get(name)).map(codec::decode).orElse(otherwise);
  }

  public String text(String name, String otherwise) {
    return get(name, Codec.TEXT, otherwise);
  }

  public long number(String name, long otherwise) {
    return get(name, Codec.NUMBER, otherwise);
  }

  public boolean isOn(String name, boolean otherwise) {
    String value = text(name, Boolean.toString(otherwise));
    if (!value.equals("true") && !value.equals("false")) {
      throw new InvalidRequestException(
          "setting \"" + name + "\" is true or false, not \"" + value + "\"");
    }
    return Boolean.parseBoolean(value);
  }

  /** All settings whose names begin so, as text. */
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

  public <T> void set(String name, T value, Codec<T> codec) {
    namespace.put(prefix + name, value, codec, Put.PLAIN);
  }

  public void set(String name, String value) {
    set(name, value, Codec.TEXT);
  }

  /** Changes a setting by what it is, and loses nothing that others change meanwhile. */
  public <T> T update(String name, Codec<T> codec, T otherwise, UnaryOperator<T> change) {
    return Update.run(
        namespace,
        Key.of(prefix + name),
        current -> {
          T before = current.map(entry -> codec.decode(entry.value().bytes())).orElse(otherwise);
          T after = change.apply(before);
          return Update.Decision.put(codec.encode(after), Put.PLAIN, after);
        });
  }

  @Override
  public void close() {
    closed = true;
    follower.interrupt();
  }
}
