package selvedge.patterns;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import selvedge.model.Bytes;
import selvedge.model.Codec;
import selvedge.model.Entry;
import selvedge.model.InvalidRequestException;
import selvedge.model.Key;
import selvedge.model.Lookup;
import selvedge.model.Metadata;
import selvedge.model.Namespace;
import selvedge.model.ReadOptions;
import selvedge.model.WriteOptions;

/**
 * Counts events by the hour and by the day, exactly under concurrency, and keeps those that have
 * details. Safe for use by many threads and processes; every method may block.
 *
 * {@snippet class="selvedge.examples.CountsProgram" region="counts"}
 */
public final class Analytics {
  private static final int ID_BYTES = 16;
  private static final int TIME_DIGITS = 15;
  private static final Instant LAST = Instant.ofEpochMilli(999_999_999_999_999L);

  private final Namespace namespace;
  private final String prefix;
  private final Duration kept;
  private final RandomGenerator random;
  private final InstantSource clock;

  /**
   * Creates counters on the clock of the system.
   *
   * @param namespace the namespace of the counters
   * @param prefix the start of their keys
   * @param kept the time for which counts and events can be read
   */
  public Analytics(Namespace namespace, String prefix, Duration kept) {
    this(namespace, prefix, kept, new SecureRandom(), InstantSource.system());
  }

  /**
   * Creates counters with another clock and source of ids.
   *
   * @param namespace the namespace of the counters
   * @param prefix the start of their keys
   * @param kept the time for which counts and events can be read
   * @param random draws the ids of events; must be safe for use by many threads
   * @param clock the clock by which events belong to hours and days
   */
  public Analytics(
      Namespace namespace,
      String prefix,
      Duration kept,
      RandomGenerator random,
      InstantSource clock) {
    this.namespace = namespace;
    this.prefix = prefix;
    this.kept = kept;
    this.random = random;
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
   * An event that was recorded with details.
   *
   * @param name the name of the event
   * @param id identifies the event
   * @param at the time at which it was recorded
   * @param user the name of the user; empty if it has none
   * @param data its content
   */
  public record Event(String name, String id, Instant at, String user, Bytes data) {}

  /**
   * An event that is to be recorded with details.
   *
   * @param name the name of the event
   * @param user the name of the user, of up to about 400 bytes; empty for none
   * @param data the content of the event
   * @param id identifies the event; empty for a random id
   * @param retention the time for which the event can be read; zero for that of the counts
   */
  public record Draft(String name, String user, Bytes data, String id, Duration retention) {

    /**
     * Returns an event with a random id, which can be read as long as the counts.
     *
     * @param name the name of the event
     * @param user the name of the user; empty for none
     * @param data the content of the event
     * @return the event
     */
    public static Draft of(String name, String user, Bytes data) {
      return new Draft(name, user, data, "", Duration.ZERO);
    }

    /**
     * Returns a copy that can be read for another time than the counts.
     *
     * @param changed the time
     * @return the changed copy
     */
    public Draft retention(Duration changed) {
      return new Draft(name, user, data, id, changed);
    }
  }

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
    record(name, count, clock.instant());
  }

  private void record(String name, long count, Instant now) {
    WriteOptions options = WriteOptions.PLAIN.expiresIn(kept).metadata(Form.ALONE);
    namespace.increment(hour(name, now.truncatedTo(ChronoUnit.HOURS)), count, options);
    namespace.increment(day(name, LocalDate.ofInstant(now, ZoneOffset.UTC)), count, options);
  }

  /**
   * Keeps one event and counts it, in the current hour and day in UTC. The event is stored before
   * it is counted; if the program ends between, it is not counted.
   *
   * @param draft the event
   * @return the event as it is kept
   * @throws selvedge.model.LimitExceededException if the name, the user, the id or the content are
   *     too large
   */
  public Event record(Draft draft) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    String id = draft.id().isEmpty() ? Names.random(random, ID_BYTES) : draft.id();
    Metadata metadata =
        new Form().with("name", draft.name()).with("id", id).with("user", draft.user()).metadata();
    namespace.put(
        Key.of(eventPrefix(draft.name()) + time(now) + "/" + id),
        draft.data(),
        WriteOptions.PLAIN
            .metadata(metadata)
            .expiresIn(draft.retention().isZero() ? kept : draft.retention()));
    record(draft.name(), 1, now);
    return new Event(draft.name(), id, now, draft.user(), draft.data());
  }

  /** The length keeps one name from being the start of another one. */
  private String eventPrefix(String name) {
    return prefix + "event/" + name.length() + "/" + name + "/";
  }

  private static String time(Instant time) {
    Instant late = time.isAfter(LAST) ? LAST : time;
    return Names.padded(late.isBefore(Instant.EPOCH) ? 0 : late.toEpochMilli(), TIME_DIGITS);
  }

  /**
   * Returns the kept events of a name between two moments, in the order of their times. They are
   * read page by page while the stream is consumed.
   *
   * @param name the name of the events
   * @param from the first moment
   * @param to the moment after the last one
   * @return a sequential stream, which need not be closed
   */
  public Stream<Event> events(String name, Instant from, Instant to) {
    String start = eventPrefix(name);
    return Entries.stream(namespace, start, Bytes.utf8(start + time(from)))
        .map(entry -> event(entry, start.length()))
        .takeWhile(event -> event.at().isBefore(to));
  }

  private static Event event(Entry entry, int start) {
    String key = entry.key().name();
    Instant at = Instant.ofEpochMilli(Long.parseLong(key.substring(start, start + TIME_DIGITS)));
    Form form =
        Form.read(entry.metadata())
            .orElseThrow(
                () -> new InvalidRequestException("\"" + key + "\" is no event of form 1"));
    return new Event(
        form.text("name"), form.text("id"), at, form.text("user"), entry.value().bytes());
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
    return top(day, day.plusDays(1), most);
  }

  /**
   * Returns the most frequent events of several days in UTC. It reads the counts of all names of
   * the days.
   *
   * @param from the first day
   * @param to the day after the last one
   * @param most the greatest number of names to return
   * @return the names with their counts, the greatest count first
   */
  public List<Ranked> top(LocalDate from, LocalDate to, int most) {
    Map<String, Long> sums = new HashMap<>();
    from.datesUntil(to)
        .map(this::dayPrefix)
        .forEach(
            start ->
                Entries.stream(namespace, start, Bytes.EMPTY)
                    .forEach(
                        entry ->
                            sums.merge(
                                entry.key().name().substring(start.length()),
                                Codec.NUMBER.decode(entry.value().bytes()),
                                Long::sum)));
    return sums.entrySet().stream()
        .map(sum -> new Ranked(sum.getKey(), sum.getValue()))
        .sorted(Comparator.comparingLong(Ranked::count).reversed().thenComparing(Ranked::name))
        .limit(most)
        .toList();
  }
}
