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
 * Counts what happens, by the hour and by the day, and loses nothing however many count at once.
 * Safe for use by many threads and processes.
 *
 * {@snippet class="selvedge.examples.Tour" region="counts"}
 *
 * @param kept how long a count can be asked for
 */
public record Analytics(Namespace namespace, String prefix, Duration kept, InstantSource clock) {

  /** How often something happened in an hour or a day that begins then. */
  public record Count(Instant from, long count) {}

  /** How often one of several things happened. */
  public record Ranked(String name, long count) {}

  public void record(String name) {
    record(name, 1);
  }

  public void record(String name, long count) {
    Instant now = clock.instant();
    WriteOptions how = WriteOptions.expiresIn(kept);
    namespace.increment(hour(name, now.truncatedTo(ChronoUnit.HOURS)), count, how);
    namespace.increment(day(name, LocalDate.ofInstant(now, ZoneOffset.UTC)), count, how);
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

  /** The counts of all hours from the one of {@code from} to the one before that of {@code to}. */
  public List<Count> hourly(String name, Instant from, Instant to) {
    List<Instant> hours = new ArrayList<>();
    for (Instant hour = from.truncatedTo(ChronoUnit.HOURS);
        hour.isBefore(to.truncatedTo(ChronoUnit.HOURS));
        hour = hour.plus(1, ChronoUnit.HOURS)) {
      hours.add(hour);
    }
    return counts(hours, hours.stream().map(hour -> hour(name, hour)).toList());
  }

  /** The counts of all days from the first up to the one before the last. */
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

  /** What happened most on a day, the most first. */
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
