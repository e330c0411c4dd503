package selvedge.patterns;

import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import selvedge.model.Aged;
import selvedge.model.Bytes;
import selvedge.model.InvalidRequestException;
import selvedge.model.Key;
import selvedge.model.Lookup;
import selvedge.model.Metadata;
import selvedge.model.Namespace;
import selvedge.model.ReadOptions;
import selvedge.model.Version;
import selvedge.model.Watch;
import selvedge.model.WriteOptions;

/**
 * Values that carry the name of the region in which they were written. Safe for use by many
 * threads; every method may block.
 *
 * {@snippet class="selvedge.examples.Tour" region="regions"}
 */
public final class Regional {
  private static final Duration VISIBLE_CHECK = Duration.ofMillis(20);

  private final Namespace namespace;
  private final String region;

  /**
   * Creates access for one region.
   *
   * @param namespace the namespace of the values
   * @param region the name of the region in which this process writes: 1 to 64 letters, digits,
   *     dots, dashes and underscores
   * @throws InvalidRequestException if the name has other characters or another length
   */
  public Regional(Namespace namespace, String region) {
    if (!region.matches("[A-Za-z0-9._-]{1,64}")) {
      throw new InvalidRequestException(
          "the name of a region must be 1 to 64 letters, digits, dots, dashes or underscores, got"
              + " \""
              + region
              + "\"");
    }
    this.namespace = namespace;
    this.region = region;
  }

  /**
   * A value with its region and its place in the order of all writes.
   *
   * @param value the value
   * @param region the region in which it was written
   * @param version orders all writes of the namespace, independent of clocks
   * @param age the age of the answer; empty if it is not known
   */
  public record Written(Bytes value, String region, Version version, Optional<Duration> age) {}

  /**
   * Puts a value, with the region in its metadata.
   *
   * @param key the name of the key
   * @param value the value
   * @return the version of the change, for {@link #waitUntilVisible}
   */
  public Version put(String key, Bytes value) {
    WriteOptions options = WriteOptions.PLAIN.metadata(Metadata.json("\"" + region + "\""));
    return namespace.put(Key.of(key), value, options).orElseThrow();
  }

  /**
   * Returns the value of a key with the region in which it was written.
   *
   * @param key the name of the key
   * @param options how old the answer may be
   * @return empty if the key has no entry
   */
  public Optional<Written> get(String key, ReadOptions options) {
    Aged aged = namespace.getAged(Key.of(key), options);
    if (!(aged.lookup() instanceof Lookup.Found found)) {
      return Optional.empty();
    }
    String written = found.entry().metadata().toString().replace("\"", "");
    return Optional.of(
        new Written(found.entry().value().bytes(), written, found.entry().version(), aged.age()));
  }

  /**
   * Waits until a change can be read through a namespace, such as that of an edge.
   *
   * @param place the namespace through which the change is to be read
   * @param version the version of the change
   * @param patience the longest time to wait
   * @return whether the change can be read
   */
  public static boolean waitUntilVisible(Namespace place, Version version, Duration patience) {
    long deadline = System.nanoTime() + patience.toNanos();
    Version start = place.latest();
    if (start.compareTo(version) >= 0) {
      return true;
    }
    try (Watch watch = place.watch(Bytes.EMPTY, start)) {
      while (watch.version().compareTo(version) < 0
          && place.latest().compareTo(version) < 0
          && System.nanoTime() - deadline < 0) {
        watch.next(VISIBLE_CHECK);
      }
    }
    return place.latest().compareTo(version) >= 0;
  }

  /**
   * Returns the later of two writes by their versions, independent of clocks.
   *
   * @param one a write
   * @param other another write of the same namespace
   * @return the one with the greater version
   */
  public static Written later(Written one, Written other) {
    return Comparator.comparing(Written::version).compare(one, other) >= 0 ? one : other;
  }
}
