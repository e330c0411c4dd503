package selvedge.patterns;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import selvedge.model.Aged;
import selvedge.model.Bytes;
import selvedge.model.InvalidRequestException;
import selvedge.model.Key;
import selvedge.model.Metadata;
import selvedge.model.Namespace;
import selvedge.model.Outcome;
import selvedge.model.ReadOptions;
import selvedge.model.Version;
import selvedge.model.Watch;
import selvedge.model.WriteOptions;

/**
 * Values that carry the region and the time at which they were written. Safe for use by many
 * threads; every method may block.
 *
 * {@snippet class="selvedge.examples.RegionsProgram" region="regions"}
 */
public final class Regional {
  private static final Duration VISIBLE_CHECK = Duration.ofMillis(20);

  private final Namespace namespace;
  private final String region;
  private final InstantSource clock;

  /**
   * Creates access for one region on the clock of the system.
   *
   * @param namespace the namespace of the values
   * @param region the name of the region in which this process writes: 1 to 64 letters, digits,
   *     dots, dashes and underscores
   * @throws InvalidRequestException if the name has other characters or another length
   */
  public Regional(Namespace namespace, String region) {
    this(namespace, region, InstantSource.system());
  }

  /**
   * Creates access for one region on another clock.
   *
   * @param namespace the namespace of the values
   * @param region the name of the region in which this process writes: 1 to 64 letters, digits,
   *     dots, dashes and underscores
   * @param clock the clock by which values have times
   * @throws InvalidRequestException if the name has other characters or another length
   */
  public Regional(Namespace namespace, String region, InstantSource clock) {
    if (!region.matches("[A-Za-z0-9._-]{1,64}")) {
      throw new InvalidRequestException(
          "the name of a region must be 1 to 64 letters, digits, dots, dashes or underscores, got"
              + " \""
              + region
              + "\"");
    }
    this.namespace = namespace;
    this.region = region;
    this.clock = clock;
  }

  /**
   * A value with its place in the order of all writes.
   *
   * @param value the value
   * @param stamp where and when it was written
   * @param version orders all writes of the namespace, independent of clocks
   * @param age the age of the answer; empty if it is not known
   */
  public record Written(Bytes value, Stamp stamp, Version version, Optional<Duration> age) {

    /**
     * Returns the region in which the value was written.
     *
     * @return the name of the region
     */
    public String region() {
      return stamp.region();
    }
  }

  /**
   * Where and when a value was written, and the metadata of its writer.
   *
   * @param region the name of the region
   * @param at the time by the clock of the writer; 1970 for a value of form 0. Clocks differ, so it
   *     does not order writes
   * @param metadata the metadata that the writer has added
   */
  public record Stamp(String region, Instant at, Metadata metadata) {}

  /**
   * Puts a value, with the region and the time in its metadata.
   *
   * @param key the name of the key
   * @param value the value
   * @return the version of the change, for {@link #waitUntilVisible}
   */
  public Outcome put(String key, Bytes value) {
    return put(key, value, WriteOptions.PLAIN);
  }

  /**
   * Puts a value, with the region, the time and the given metadata in its metadata.
   *
   * @param key the name of the key
   * @param value the value
   * @param options metadata of about 900 bytes at most, expiry and condition
   * @return the version of the change, or a conflict if the condition did not hold
   */
  public Outcome put(String key, Bytes value, WriteOptions options) {
    Form form = new Form().with("region", region).with("at", clock.instant());
    if (options.metadata().isPresent()) {
      form.with("metadata", Json.read(options.metadata().toString()));
    }
    return namespace.put(Key.of(key), value, options.metadata(form.metadata()));
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
    return aged.lookup()
        .find()
        .map(
            entry ->
                new Written(
                    entry.value().bytes(), stamp(entry.metadata()), entry.version(), aged.age()));
  }

  /** Form 0 of the metadata is the name of the region alone, as a JSON string. */
  private static Stamp stamp(Metadata metadata) {
    return Form.read(metadata)
        .map(
            form ->
                new Stamp(
                    form.text("region"),
                    form.time("at"),
                    form.json("metadata").map(Metadata::json).orElse(Metadata.NONE)))
        .orElseGet(
            () -> new Stamp(metadata.toString().replace("\"", ""), Instant.EPOCH, Metadata.NONE));
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
    long deadline = System.nanoTime() + TimeUnit.NANOSECONDS.convert(patience);
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
