package selvedge.patterns;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import selvedge.model.Bytes;
import selvedge.model.Codec;
import selvedge.model.Condition;
import selvedge.model.Entry;
import selvedge.model.InvalidRequestException;
import selvedge.model.Key;
import selvedge.model.Lookup;
import selvedge.model.WriteOptions;

/**
 * Encodes and decodes the entries of a cache. Safe for use by many threads.
 *
 * @param <T> the type of the values
 * @param prefix the start of the keys
 */
record CacheEntries<T>(String prefix, Codec<T> codec, CacheOptions options) {
  /** The metadata of form 0 is {@code [made, present]}, with numbers. */
  private static final Pattern FORM_0 = Pattern.compile("\\[(\\d{1,18}),([01])\\]");

  /** A stored value or that there is none; fresh for the given time from when it was made. */
  record Kept<T>(Optional<T> value, long madeAt, Duration fresh) {
    boolean missing() {
      return value.isEmpty();
    }
  }

  /** What is stored under a key, and the condition under which it still is. */
  record Stored<T>(Optional<Kept<T>> kept, Condition unchanged) {}

  Key key(String key) {
    return Key.of(prefix + key);
  }

  /** Returns the stored value, or that there is none, if it is fresh. */
  Optional<Cached<T>> fresh(Stored<T> stored) {
    return stored
        .kept()
        .filter(kept -> age(kept).compareTo(kept.fresh()) < 0)
        .map(kept -> new Cached<>(kept.value(), Cached.From.CACHE, age(kept)));
  }

  Duration age(Kept<T> kept) {
    return Duration.ofMillis(Math.max(0, options.clock().millis() - kept.madeAt()));
  }

  Stored<T> stored(String key, Lookup lookup) {
    return lookup instanceof Lookup.Found found
        ? new Stored<>(kept(key, found.entry()), Condition.version(found.entry().version()))
        : new Stored<>(Optional.empty(), Condition.ABSENT);
  }

  /** Returns empty for an entry that cannot be read, which is reported. */
  Optional<Kept<T>> kept(String key, Entry entry) {
    try {
      Optional<Form> form = Form.read(entry.metadata());
      Kept<T> kept =
          form.isPresent()
              ? new Kept<>(
                  value(entry, form.get().isTrue("present")),
                  form.get().number("made"),
                  Duration.ofMillis(form.get().number("fresh")))
              : keptOfForm0(entry);
      return Optional.of(kept);
    } catch (InvalidRequestException e) {
      options.warned().accept(key, e);
      return Optional.empty();
    }
  }

  private Optional<T> value(Entry entry, boolean present) {
    return present ? Optional.of(codec.decode(entry.value().bytes())) : Optional.empty();
  }

  private Kept<T> keptOfForm0(Entry entry) {
    String metadata = entry.metadata().toString();
    Matcher numbers = FORM_0.matcher(metadata);
    if (!numbers.matches()) {
      throw new InvalidRequestException(
          "the metadata \"" + metadata + "\" is of no cache of form 0 or 1");
    }
    boolean present = numbers.group(2).equals("1");
    return new Kept<>(
        value(entry, present),
        Long.parseLong(numbers.group(1)),
        present ? options.fresh() : options.missing());
  }

  Bytes encoded(Optional<T> value) {
    return value.map(codec::encode).orElse(Bytes.EMPTY);
  }

  WriteOptions writeOptions(Optional<T> value, Duration fresh) {
    Duration current = value.isPresent() ? fresh : options.missing();
    return WriteOptions.PLAIN
        .expiresIn(value.isPresent() ? fresh.plus(options.stale()) : current)
        .metadata(
            new Form()
                .with("made", options.clock().millis())
                .with("present", value.isPresent())
                .with("fresh", current.toMillis())
                .metadata());
  }
}
