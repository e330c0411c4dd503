package selvedge.patterns;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import selvedge.model.Codec;
import selvedge.model.Key;
import selvedge.model.Lookup;
import selvedge.model.Namespace;
import selvedge.model.ReadOptions;
import selvedge.model.WriteOptions;

/**
 * Counts events by the hour and by the day, exactly under concurrency. Safe for use by many threads
 * and processes; every method may block.
 *
 * {@snippet class="selvedge.examples.Tour" region="counts"}
 */
public final class Analytics {
  private final Namespace namespace;
  private final String prefix;
  private final Duration kept;
  private final InstantSource clock;

  /**
   * Creates counters on the clock of the system.
   *
   * @param namespace the namespace of the counters
   * @param prefix the start of their keys
   * @param kept the time for which a count can be read
   */
  public Analytics(Namespace namespace, String prefix, Duration kept) {
    this(namespace, prefix, kept, InstantSource.system());
  }

  /**
   * Creates counters on another clock.
   *
   * @param namespace the namespace of the counters
   * @param prefix the start of their keys
   * @param kept the time for which a count can be read
   * @param clock the clock by which events belong to hours and days
   */
  public Analytics(Namespace namespace, String prefix, Duration kept, InstantSource clock) {
    this.namespace = namespace;
    this.prefix = prefix;
    this.kept = kept;
    this.clock = clock;
  }

  /**
   * The number of events of one name in an hour or a day.
   *
   * @param from the beginning of the hour or the day
   * @param count the number of events
   */
  public record Count(Instant from, long count) {}

  /**
   * The number of events of one of several names.
   *
   * @param name the name of the events
   * @param count the number of events
   */
  public record Ranked(String name, long count) {}

  /**
   * Counts one event, in the current hour and day in UTC.
   *
   * @param name the name of the event
   */
  public void record(String name) {
    record(name, 1);
  }

  /**
   * Counts several events, in the current hour and day in UTC.
   *
   * @param name the name of the events
   * @param count their number
   */
  public void record(String name, long count) {
    Instant now = clock.instant();
    WriteOptions options = WriteOptions.PLAIN.expiresIn(kept);
    namespace.increment(hour(name, now.truncatedTo(ChronoUnit.HOURS)), count, options);
    namespace.increment(day(name, LocalDate.ofInstant(now, ZoneOffset.UTC)), count, options);
  }

  private Key hour(String name, Instant from) {
    return Key.of(prefix + "hour/" + name + "/" + from);
  }

  private Key day(String name, LocalDate day) {
    return Key.of(dayPrefix(day) + name);
  }

  private String dayPrefix(LocalDate day) {
    return prefix + "day/" + day + "/";
  }

  /**
   * Returns the counts of the hours between two moments. An hour without events has the count 0.
   *
   * @param name the name of the events
   * @param from a moment of the first hour
   * @param to a moment of the hour after the last one
   * @return one count for each hour, in the order of the hours
   */
  public List<Count> hourly(String name, Instant from, Instant to) {
    List<Instant> hours = new ArrayList<>();
    for (Instant hour = from.truncatedTo(ChronoUnit.HOURS);
        hour.isBefore(to.truncatedTo(ChronoUnit.HOURS));
        hour = hour.plus(1, ChronoUnit.HOURS)) {
      hours.add(hour);
    }
    return counts(hours, hours.stream().map(hour -> hour(name, hour)).toList());
  }

  /**
   * Returns the counts of the days between two dates in UTC. A day without events has the count 0.
   *
   * @param name the name of the events
   * @param from the first day
   * @param to the day after the last one
   * @return one count for each day, in the order of the days
   */
  public List<Count> daily(String name, LocalDate from, LocalDate to) {
    List<LocalDate> days = from.datesUntil(to).toList();
    return counts(
        days.stream().map(day -> day.atStartOfDay(ZoneOffset.UTC).toInstant()).toList(),
        days.stream().map(day -> day(name, day)).toList());
  }

  private List<Count> counts(List<Instant> starts, List<Key> keys) {
    List<Count> counts = new ArrayList<>();
    for (Lookup lookup : namespace.getAll(keys, ReadOptions.PLAIN)) {
      counts.add(new Count(starts.get(counts.size()), number(lookup)));
    }
    return counts;
  }

  private static long number(Lookup lookup) {
    return lookup instanceof Lookup.Found found
        ? Codec.NUMBER.decode(found.entry().value().bytes())
        : 0;
  }

  /**
   * Returns the most frequent events of a day in UTC. It reads the counts of all names of the day.
   *
   * @param day the day
   * @param most the greatest number of names to return
   * @return the names with their counts, the greatest count first
   */
  public List<Ranked> top(LocalDate day, int most) {
    List<Key> keys = namespace.keys(dayPrefix(day)).map(listed -> listed.key()).toList();
    List<Ranked> ranked = new ArrayList<>();
    for (Lookup lookup : namespace.getAll(keys, ReadOptions.PLAIN)) {
      String name = keys.get(ranked.size()).name().substring(dayPrefix(day).length());
      ranked.add(new Ranked(name, number(lookup)));
    }
    return ranked.stream()
        .sorted(Comparator.comparingLong(Ranked::count).reversed().thenComparing(Ranked::name))
        .limit(most)
        .toList();
  }
}
