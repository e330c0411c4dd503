package selvedge.patterns;

import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import selvedge.model.Bytes;
import selvedge.model.Codec;
import selvedge.model.InvalidRequestException;
import selvedge.model.Key;
import selvedge.model.Metadata;
import selvedge.model.Namespace;
import selvedge.model.WriteOptions;

/**
 * The configuration of a program, read from memory and kept current by a watch. Safe for use by
 * many threads.
 *
 * <p>All settings are read again when no change has arrived for the bound. While the watch fails,
 * they are read again before each new try: after half a second at first, later after up to 30
 * seconds or the bound, whichever is shorter. A setting is an entry without a form of its own, so
 * every tool can write it. One that expires is removed at the next complete read.
 *
 * {@snippet class="selvedge.examples.SettingsProgram" region="settings"}
 */
public final class Settings implements AutoCloseable {
  private final Namespace namespace;
  private final String prefix;
  private final SettingsFollower follower;

  /**
   * Opens settings with another way to wait.
   *
   * @param pause waits between two tries to watch, until it is interrupted
   */
  Settings(Namespace namespace, String prefix, Duration bound, Consumer<Duration> pause) {
    this.namespace = namespace;
    this.prefix = prefix;
    this.follower = new SettingsFollower(namespace, prefix, bound, pause);
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
    return new Settings(namespace, prefix, bound, SettingsFollower::sleep);
  }

  /**
   * A change of a setting.
   *
   * @param name the name of the setting
   * @param before the setting before the change; empty if it did not exist
   * @param after the setting after the change; empty if it was removed
   */
  public record Change(String name, Optional<Setting> before, Optional<Setting> after) {}

  /** A listener that receives changes until it is closed. */
  public interface Registration extends AutoCloseable {

    /** Ends the calls of the listener; one that has begun may still run. */
    @Override
    void close();
  }

  /**
   * Calls a listener for each change of this or another process, after the change can be read here.
   * Several changes of a setting while the watch is broken are one change.
   *
   * @param start the start of the names; empty for all settings
   * @param listener receives the changes one after another, on a thread that reads no further
   *     change meanwhile; an exception that it throws is logged
   * @return the registration; it ends with {@link #close}, too
   */
  public Registration onChange(String start, Consumer<Change> listener) {
    return follower.add(
        change -> {
          if (change.name().startsWith(start)) {
            listener.accept(change);
          }
        });
  }

  /**
   * Returns how long ago the settings were read, or the last change of one arrived.
   *
   * @return the age, which is normally below the bound
   */
  public Duration age() {
    return follower.age();
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
    return find(name).map(setting -> setting.as(codec)).orElse(otherwise);
  }

  /**
   * Returns a setting with its metadata and version.
   *
   * @param name the name of the setting
   * @return empty if there is no such setting
   */
  public Optional<Setting> find(String name) {
    return Optional.ofNullable(follower.values().get(name));
  }

  /**
   * Returns several settings as they were at one moment.
   *
   * @param <T> the type of the values
   * @param names the names of the settings
   * @param codec decodes the values
   * @return the values of the settings that exist, in the order of the names
   * @throws InvalidRequestException if the codec cannot read a setting
   */
  public <T> Map<String, T> getAll(Collection<String> names, Codec<T> codec) {
    Map<String, Setting> now = follower.values();
    Map<String, T> found = new LinkedHashMap<>();
    for (String name : names) {
      Setting setting = now.get(name);
      if (setting != null) {
        found.put(name, setting.as(codec));
      }
    }
    return found;
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
    return find(name)
        .map(setting -> setting.as(codec))
        .orElseThrow(
            () ->
                new InvalidRequestException(
                    "the setting \""
                        + name
                        + "\" is required: put a value under "
                        + prefix
                        + name));
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
    follower
        .values()
        .forEach(
            (name, value) -> {
              if (name.startsWith(start)) {
                all.put(name, value.as(Codec.TEXT));
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
   * @param metadata texts for people and tools, such as a description; {@link Metadata#NONE} for
   *     none
   */
  public <T> void set(String name, T value, Codec<T> codec, Metadata metadata) {
    namespace.put(prefix + name, value, codec, WriteOptions.PLAIN.metadata(metadata));
  }

  /**
   * Stores a setting without metadata. Blocks until it is stored.
   *
   * @param <T> the type of the value
   * @param name the name of the setting
   * @param value the value
   * @param codec encodes the value
   */
  public <T> void set(String name, T value, Codec<T> codec) {
    set(name, value, codec, Metadata.NONE);
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
   * Changes a setting by compare-and-set, keeps its metadata, and returns the new value.
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
    return namespace.update(prefix + name, codec, otherwise, change);
  }

  /** Ends the watch. The settings remain readable as they were last. */
  @Override
  public void close() {
    follower.close();
  }
}
