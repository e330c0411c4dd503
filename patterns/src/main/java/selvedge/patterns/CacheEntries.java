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
import selvedge.model.Metadata;
import selvedge.model.Namespace;
import selvedge.model.Version;
import selvedge.model.WriteOptions;

/**
 * Encodes and decodes the entries of a cache. Safe for use by many threads.
 *
 * <p>It remembers what it has read, so that a hit parses nothing again: the metadata, and the
 * decoded value if {@link CacheOptions#keepDecoded} allows it. The version and the metadata, which
 * has the time at which the value was made, must be those of the entry: a restored store may use a
 * version again.
 *
 * @param <T> the type of the values
 */
final class CacheEntries<T> {
  /** The metadata of form 0 is {@code [made, present]}, with numbers. */
  private static final Pattern FORM_0 = Pattern.compile("\\[(\\d{1,18}),([01])\\]");

  private static final int OVERHEAD_BYTES = 300;
  private static final long HEADER_BYTES_MOST = 4 << 20;

  private final String prefix;
  private final Codec<T> codec;
  private final CacheOptions options;
  private final RecentValues<Remembered<T>> remembered;

  /** Creates the entries of a cache whose keys start with a prefix. */
  CacheEntries(String prefix, Codec<T> codec, CacheOptions options) {
    this.prefix = prefix;
    this.codec = codec;
    this.options = options;
    this.remembered =
        new RecentValues<>(
            options.decodedBytesMost() > 0 ? options.decodedBytesMost() : HEADER_BYTES_MOST);
  }

  /** A stored value or that there is none; fresh for the given time from when it was made. */
  record Kept<T>(Optional<T> value, long madeAt, Duration fresh) {
    boolean missing() {
      return value.isEmpty();
    }

    Kept<T> with(Optional<T> other) {
      return new Kept<>(other, madeAt, fresh);
    }
  }

  /** What is stored under a key, and the condition under which it still is. */
  record Stored<T>(Optional<Kept<T>> kept, Condition unchanged) {}

  /** What the metadata of an entry says. */
  private record Header(boolean present, long madeAt, Duration fresh) {}

  /**
   * What was read of an entry. It has no value if there is none, or if each caller gets one of its
   * own.
   */
  private record Remembered<T>(
      Key key, Version version, Metadata metadata, boolean present, Kept<T> kept) {
    boolean isOf(Entry entry) {
      return version.equals(entry.version()) && metadata.equals(entry.metadata());
    }
  }

  String prefix() {
    return prefix;
  }

  CacheOptions options() {
    return options;
  }

  Key key(String key) {
    return Key.of(prefix + key);
  }

  /** Returns the stored value, or that there is none, if it is fresh. */
  Optional<Cached<T>> fresh(Stored<T> stored) {
    if (stored.kept().isEmpty()) {
      return Optional.empty();
    }
    Kept<T> kept = stored.kept().get();
    Duration age = age(kept);
    return age.compareTo(kept.fresh()) < 0
        ? Optional.of(new Cached<>(kept.value(), Cached.From.CACHE, age))
        : Optional.empty();
  }

  Duration age(Kept<T> kept) {
    return Duration.ofMillis(Math.max(0, options.clock().millis() - kept.madeAt()));
  }

  /** Reads what is stored under a key. */
  Stored<T> stored(String key, Namespace namespace) {
    Optional<Remembered<T>> known = remembered.find(key);
    Key stored = known.isPresent() ? known.get().key() : key(key);
    return stored(key, namespace.get(stored), known);
  }

  Stored<T> stored(String key, Lookup lookup) {
    return stored(key, lookup, remembered.find(key));
  }

  private Stored<T> stored(String key, Lookup lookup, Optional<Remembered<T>> known) {
    return lookup instanceof Lookup.Found found
        ? new Stored<>(kept(key, found.entry(), known), Condition.version(found.entry().version()))
        : new Stored<>(Optional.empty(), Condition.ABSENT);
  }

  /** Returns empty for an entry that cannot be read, which is reported. */
  Optional<Kept<T>> kept(String key, Entry entry) {
    return kept(key, entry, remembered.find(key));
  }

  private Optional<Kept<T>> kept(String key, Entry entry, Optional<Remembered<T>> known) {
    try {
      Remembered<T> read =
          known.isPresent() && known.get().isOf(entry) ? known.get() : remember(key, entry);
      return Optional.of(
          read.present() && read.kept().missing() ? read.kept().with(decoded(entry)) : read.kept());
    } catch (InvalidRequestException e) {
      options.warned().accept(key, e);
      return Optional.empty();
    }
  }

  private Optional<T> decoded(Entry entry) {
    return Optional.of(codec.decode(entry.value().bytes()));
  }

  private Remembered<T> remember(String key, Entry entry) {
    Header header = header(entry.metadata());
    boolean withValue = header.present() && options.decodedBytesMost() > 0;
    Optional<T> value = withValue ? decoded(entry) : Optional.empty();
    var read =
        new Remembered<>(
            entry.key(),
            entry.version(),
            entry.metadata(),
            header.present(),
            new Kept<>(value, header.madeAt(), header.fresh()));
    long bytes = OVERHEAD_BYTES + 2L * key.length() + entry.metadata().stored().size();
    remembered.put(key, read, withValue ? bytes + entry.value().length() : bytes);
    return read;
  }

  private Header header(Metadata metadata) {
    Optional<Form> form = Form.read(metadata);
    return form.isPresent()
        ? new Header(
            form.get().isTrue("present"),
            form.get().number("made"),
            Duration.ofMillis(form.get().number("fresh")))
        : headerOfForm0(metadata.toString());
  }

  private Header headerOfForm0(String metadata) {
    Matcher numbers = FORM_0.matcher(metadata);
    if (!numbers.matches()) {
      throw new InvalidRequestException(
          "the metadata \"" + metadata + "\" is of no cache of form 0 or 1");
    }
    boolean present = numbers.group(2).equals("1");
    return new Header(
        present, Long.parseLong(numbers.group(1)), present ? options.fresh() : options.missing());
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
