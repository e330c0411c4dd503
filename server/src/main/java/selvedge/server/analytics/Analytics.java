package selvedge.server.analytics;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import selvedge.engine.files.FileFailures;
import selvedge.engine.work.Worker;
import selvedge.model.Bytes;
import selvedge.model.NamespaceId;
import selvedge.server.analytics.FrameFiles.Kind;

/**
 * The numbers of operations at this server and at the edges behind it, by minute for a day and by
 * hour for a month. They are no entries: no version, feed, snapshot or quota contains them.
 *
 * <p>Any thread may record, read, and hand over frames. One thread steps the worker, which writes
 * the files. A process that is killed loses the current minute.
 */
public final class Analytics implements Worker, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Analytics.class);
  private static final String DIRECTORY = "analytics";
  private static final Duration INTERVAL = Duration.ofSeconds(1);

  /** A frame must fit into the report of an edge. */
  private static final int FRAME_BYTES_MAX = 32 * 1024;

  private static final int RECEIVED_MAX = 1000;

  /** The frames that an edge keeps for its origin: more than a day. */
  private static final int UNSENT_MAX = 2000;

  private final String location;
  private final InstantSource clock;
  private final boolean enabled;
  private final FrameFiles files;
  private final SentMark mark;
  private final ConcurrentLinkedQueue<Frame> received = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<List<Stored>> counted = new ConcurrentLinkedQueue<>();

  /** The number of the last frame of each source that is written here. */
  private final Map<String, Long> sources = new ConcurrentHashMap<>();

  /** The frames that the origin of this edge has not confirmed. */
  private final ConcurrentLinkedDeque<Frame> unsent = new ConcurrentLinkedDeque<>();

  private final LongSupplier namedMax;
  private final NamespaceTotals totals = new NamespaceTotals();

  private volatile State state;
  private volatile boolean sends;

  /** Whether the last write failed, so that a full disk is logged once. */
  private boolean failing;

  /**
   * What is in memory and what is in the files at one moment.
   *
   * @param ended the minute before, until it is written
   * @param written the number of the last frame in the files
   * @param rolled the first second that the files of hours do not have yet
   */
  private record State(LiveMinute live, @Nullable LiveMinute ended, long written, long rolled) {}

  /**
   * @param data the data directory
   * @param bytesMax of all files; 0 keeps no numbers
   * @param namedMax returns how many namespaces metrics show apart
   * @param location of this server
   * @param sends whether this server follows another one, which gets the numbers
   */
  public Analytics(
      Path data,
      long bytesMax,
      LongSupplier namedMax,
      String location,
      boolean sends,
      InstantSource clock,
      RandomGenerator random) {
    this.location = location;
    this.namedMax = namedMax;
    this.clock = clock;
    this.enabled = bytesMax > 0;
    this.sends = sends;
    this.files = new FrameFiles(data.resolve(DIRECTORY), bytesMax);
    this.mark = new SentMark(data.resolve(DIRECTORY), random);
    this.state =
        new State(
            new LiveMinute(Kind.MINUTES.start(now()), Set.of(), namedMax.getAsLong()), null, 0, 0);
    if (enabled) {
      try {
        open();
      } catch (IOException | UncheckedIOException e) {
        LOG.warn("the numbers of the past cannot be read in {}", data.resolve(DIRECTORY), e);
      }
    }
  }

  /** Returns analytics that keep nothing. */
  public static Analytics none(InstantSource clock) {
    return new Analytics(
        Path.of(""), 0, () -> 0, "origin", false, clock, RandomGenerator.getDefault());
  }

  /** Returns the current second, since 1970. */
  public long now() {
    return clock.instant().getEpochSecond();
  }

  private LiveMinute next(long start, LiveMinute last) {
    long most = namedMax.getAsLong();
    return new LiveMinute(start, totals.busiest(last.named(), most), most);
  }

  /** Reads which frames there are, and completes the hours that have ended since the last start. */
  private void open() throws IOException {
    long now = now();
    long[] last = {0};
    long[] rolled = {Kind.MINUTES.horizon(now)};
    files.read(
        Kind.HOURS,
        Kind.HOURS.horizon(now),
        now + 1,
        frame -> {
          last[0] = Math.max(last[0], frame.number());
          rolled[0] = Math.max(rolled[0], frame.start() + Kind.HOURS_SECONDS);
        });
    long sent = mark.sent();
    files.read(
        Kind.MINUTES,
        Kind.MINUTES.horizon(now),
        now + 1,
        frame -> {
          last[0] = Math.max(last[0], frame.number());
          sources.merge(frame.source(), frame.sourceNumber(), Math::max);
          if (sends && frame.number() > sent) {
            unsent.add(frame);
          }
        });
    state = new State(state.live(), null, last[0], rolled[0]);
    roll(now);
  }

  /** Returns whether this server keeps numbers. */
  public boolean isEnabled() {
    return enabled;
  }

  /** Returns the location of this server. */
  public String location() {
    return location;
  }

  /**
   * Records one operation.
   *
   * @param nanos the time from its request to its answer
   * @param in the bytes of the body of the request
   * @param out the bytes of the body of the answer
   */
  public void add(
      NamespaceId namespace, Operation operation, int status, long nanos, long in, long out) {
    if (enabled) {
      state.live().add(namespace, operation, status, nanos, in, out);
    }
  }

  /** Records amounts that namespaces store now. */
  public void add(List<Stored> amounts) {
    if (enabled && !amounts.isEmpty()) {
      counted.add(amounts);
    }
  }

  /**
   * Takes a frame of an edge, which is ignored if it is not readable, as that of a newer version.
   *
   * @param bytes of the frame; empty for none
   * @return the number of the last frame of its source that is written here
   */
  public long receive(Bytes bytes) {
    Optional<Frame> frame = FrameCodec.decode(bytes.asReadOnlyBuffer());
    if (frame.isEmpty()) {
      return 0;
    }
    long known = sources.getOrDefault(frame.get().source(), 0L);
    if (frame.get().sourceNumber() > known && received.size() < RECEIVED_MAX) {
      received.add(frame.get());
    }
    return known;
  }

  /** Returns the oldest frame that the origin has not confirmed; empty if there is none. */
  public Bytes unsent() {
    Frame frame = unsent.peek();
    return frame == null
        ? Bytes.EMPTY
        : FrameCodec.encode(
            new Frame(
                frame.start(), 0, mark.source(), frame.number(), frame.rows(), frame.stored()));
  }

  /** Sets whether this server follows another one, which gets the numbers from now on. */
  public void follow(boolean follows) {
    sends = follows;
    totals.forgetStored();
    if (!follows) {
      unsent.clear();
    }
  }

  /** Removes the frames up to a number, which the origin has written. */
  public void confirmed(long number) {
    boolean any = unsent.removeIf(frame -> frame.number() <= number);
    if (any) {
      mark.sent(number);
    }
  }

  @Override
  public Duration step() {
    long now = now();
    State before = state;
    long minute = Kind.MINUTES.start(now);
    LiveMinute ended = before.ended();
    if (!enabled) {
      return INTERVAL;
    }
    if (ended != null) {
      // The minute ended a step ago, so that the threads that were adding to it are done.
      write(ended);
      synchronized (totals) {
        totals.add(ended, before.live().named());
        state = new State(before.live(), null, state.written(), state.rolled());
      }
    } else if (minute != before.live().start()) {
      state =
          new State(next(minute, before.live()), before.live(), before.written(), before.rolled());
      return INTERVAL;
    }
    takeReceived();
    takeCounted(now);
    try {
      roll(now);
    } catch (UncheckedIOException e) {
      failed(Objects.requireNonNull(e.getCause()));
    } catch (IOException e) {
      failed(e);
    }
    return INTERVAL;
  }

  private void write(LiveMinute minute) {
    List<Row> rows = new ArrayList<>(minute.rows(location));
    rows.sort(Comparator.comparingLong(Row::count).reversed());
    if (!rows.isEmpty()) {
      write(new Frame(minute.start(), 0, "", 0, rows, List.of()));
    }
  }

  /** Writes a frame as far as there is room for its namespaces. */
  private void write(Frame frame) {
    try {
      writeParts(files.fitting(Kind.MINUTES, frame));
    } catch (IOException e) {
      failed(e);
    }
  }

  /** Writes a frame, in parts if it is large. */
  private void writeParts(Frame frame) {
    if (FrameCodec.encode(frame).size() > FRAME_BYTES_MAX && frame.rows().size() > 1) {
      int half = frame.rows().size() / 2;
      writeParts(part(frame, frame.rows().subList(0, half), frame.stored()));
      writeParts(part(frame, frame.rows().subList(half, frame.rows().size()), List.of()));
      return;
    }
    State before = state;
    Frame numbered =
        new Frame(
            frame.start(),
            before.written() + 1,
            frame.source(),
            frame.sourceNumber(),
            frame.rows(),
            frame.stored());
    try {
      if (frame.start() >= Kind.MINUTES.horizon(now())) {
        files.append(Kind.MINUTES, numbered);
      }
      if (frame.start() < before.rolled()) {
        // Its hour is complete already.
        files.append(Kind.HOURS, files.fitting(Kind.HOURS, atHour(numbered)));
      }
      failing = false;
    } catch (IOException e) {
      failed(e);
    }
    state = new State(before.live(), before.ended(), numbered.number(), before.rolled());
    if (sends) {
      unsent.add(numbered);
      while (unsent.size() > UNSENT_MAX) {
        unsent.poll();
      }
    }
  }

  private static Frame part(Frame frame, List<Row> rows, List<Stored> stored) {
    return new Frame(frame.start(), 0, frame.source(), frame.sourceNumber(), rows, stored);
  }

  private static Frame atHour(Frame frame) {
    return new Frame(
        Kind.HOURS.start(frame.start()),
        frame.number(),
        frame.source(),
        frame.sourceNumber(),
        frame.rows(),
        frame.stored());
  }

  private void failed(IOException e) {
    if (!failing) {
      failing = true;
      LOG.warn(
          "the numbers of operations cannot be stored, and are lost until this works: {}",
          FileFailures.reason(e));
    }
  }

  private void takeReceived() {
    for (Frame frame = received.poll(); frame != null; frame = received.poll()) {
      long known = sources.getOrDefault(frame.source(), 0L);
      if (frame.sourceNumber() > known && frame.start() <= now() + Kind.HOURS_SECONDS) {
        write(frame);
        sources.put(frame.source(), frame.sourceNumber());
      }
    }
  }

  private void takeCounted(long now) {
    for (List<Stored> amounts = counted.poll(); amounts != null; amounts = counted.poll()) {
      totals.add(amounts);
      write(new Frame(Kind.MINUTES.start(now), 0, "", 0, List.of(), amounts));
    }
  }

  /** Adds up the hours that are over, and deletes what is too old. */
  private void roll(long now) throws IOException {
    long current = Kind.HOURS.start(now);
    State before = state;
    if (before.ended() != null || before.live().start() < current) {
      return;
    }
    for (long start = before.rolled(); start < current; start += Kind.HOURS_SECONDS) {
      List<Row> rows = new ArrayList<>();
      List<Stored> stored = new ArrayList<>();
      files.read(
          Kind.MINUTES,
          start,
          start + Kind.HOURS_SECONDS,
          frame -> {
            rows.addAll(frame.rows());
            stored.addAll(frame.stored());
          });
      List<Row> sums = Row.merged(rows);
      sums.sort(Comparator.comparingLong(Row::count).reversed());
      long number = state.written();
      if (!rows.isEmpty() || !stored.isEmpty()) {
        number++;
        Frame hour = new Frame(start, number, "", 0, sums, Stored.newest(stored));
        files.append(Kind.HOURS, files.fitting(Kind.HOURS, hour));
      }
      state = new State(state.live(), state.ended(), number, start + Kind.HOURS_SECONDS);
    }
    if (before.rolled() < current) {
      files.trim(now);
    }
  }

  /**
   * Passes on all frames that start in a span of time, by minute or by hour. The last hours may
   * come as minutes, and the current minute as far as it is.
   *
   * @param from the first second, since 1970
   * @param to the second after the last one
   */
  public void read(boolean byHour, long from, long to, Consumer<Frame> consumer) {
    if (!enabled) {
      return;
    }
    // Older and later files cannot exist, so that no span makes a query long.
    long second = now();
    long first = Math.max(from, Kind.HOURS.horizon(second));
    long end = Math.min(to, second + 2 * Kind.HOURS_SECONDS);
    State now = state;
    Consumer<Frame> written =
        frame -> {
          if (frame.number() <= now.written()) {
            consumer.accept(frame);
          }
        };
    try {
      long minutesFrom = first;
      if (byHour) {
        files.read(Kind.HOURS, first, Math.min(end, now.rolled()), written);
        minutesFrom = Math.max(first, now.rolled());
      }
      files.read(Kind.MINUTES, minutesFrom, end, written);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    live(now.ended(), from, to, consumer);
    live(now.live(), from, to, consumer);
  }

  private void live(@Nullable LiveMinute minute, long from, long to, Consumer<Frame> consumer) {
    if (minute != null && minute.start() >= from && minute.start() < to) {
      consumer.accept(new Frame(minute.start(), 0, "", 0, minute.rows(location), List.of()));
    }
  }

  /**
   * Returns the operations at this server since its start: those of its busiest namespaces apart,
   * and those of the others as {@link Row#OTHER}. Their place is empty.
   */
  public List<Row> sinceStart() {
    synchronized (totals) {
      State now = state;
      return totals.rows(now.ended(), now.live());
    }
  }

  /** Returns what the same namespaces stored when they were last counted; empty at an edge. */
  public List<Stored> lastStored() {
    return totals.stored(state.live().named());
  }

  /** Writes the current minute as far as it is. The worker must not be stepped any more. */
  @Override
  public void close() {
    if (enabled) {
      LiveMinute ended = state.ended();
      if (ended != null) {
        write(ended);
      }
      write(state.live());
      takeReceived();
      takeCounted(now());
    }
  }
}
