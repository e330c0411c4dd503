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
import selvedge.model.Outcome;
import selvedge.model.ReadOptions;
import selvedge.model.Version;
import selvedge.model.Watch;
import selvedge.model.WriteOptions;

/**
 * Values that know in which region they were written. Safe for use by many threads.
 *
 * {@snippet class="selvedge.examples.Tour" region="regions"}
 *
 * @param region where this process writes
 */
public record Regional(Namespace namespace, String region) {

  public Regional {
    if (!region.matches("[A-Za-z0-9._-]{1,64}")) {
      throw new InvalidRequestException("\"" + region + "\" is no name of a region");
    }
  }

  /**
   * A value with where it was written and in which order.
   *
   * @param version orders all writes of the namespace, whatever the clocks of the regions say
   * @param age how long ago the place that was asked had everything; empty if nobody knows
   */
  public record Written(Bytes value, String region, Version version, Optional<Duration> age) {}

  /** Puts a value, and returns the version by which it can be waited for elsewhere. */
  public Version put(String key, Bytes value) {
    WriteOptions how = WriteOptions.PLAIN.metadata(Metadata.json("\"" + region + "\""));
    return namespace.put(Key.of(key), value, how) instanceof Outcome.Accepted accepted
        ? accepted.version()
        : Version.NONE;
  }

  public Optional<Written> get(String key, ReadOptions how) {
    Aged aged = namespace.getAged(Key.of(key), how);
    if (!(aged.lookup() instanceof Lookup.Found found)) {
      return Optional.empty();
    }
    String written = found.entry().metadata().toString().replace("\"", "");
    return Optional.of(
        new Written(found.entry().value().bytes(), written, found.entry().version(), aged.age()));
  }

  /** Waits until a change can be read at some place, and tells whether it can. */
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
        watch.next(Duration.ofMillis(20));
      }
    }
    return place.latest().compareTo(version) >= 0;
  }

  /** The later of two: by version, and no clock is asked. */
  public static Written later(Written one, Written other) {
    return Comparator.comparing(Written::version).compare(one, other) >= 0 ? one : other;
  }
}
