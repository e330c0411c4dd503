package selvedge.server.analytics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import selvedge.model.Bytes;
import selvedge.model.NamespaceId;
import selvedge.model.testing.SettableClock;

/** The numbers of operations survive a restart, are added up by hour, and stay within a bound. */
final class AnalyticsTest {
  private static final Instant START = Instant.parse("2026-11-29T12:00:10Z");
  private static final NamespaceId ONE = new NamespaceId("1".repeat(32));
  private static final NamespaceId TWO = new NamespaceId("2".repeat(32));
  private static final long BYTES = 64 << 20;
  private static final long MICROSECOND = 1000;

  private final SettableClock clock = new SettableClock(START);
  private final Random random = new Random(1);

  /** How many namespaces metrics show apart. */
  private long named = 2;

  /** The memory that results have taken. */
  private final AtomicLong held = new AtomicLong();

  @TempDir Path data;
  private @Nullable Analytics opened;

  private Analytics open(String location, boolean sends, long bytes) {
    return new Analytics(
        data.resolve(location), bytes, () -> named, location, sends, clock, random);
  }

  private void open() {
    opened = open("origin", false, BYTES);
  }

  private Analytics analytics() {
    return Objects.requireNonNull(opened);
  }

  @AfterEach
  void close() {
    analytics().close();
  }

  private void read(NamespaceId namespace, int count) {
    for (int done = 0; done < count; done++) {
      analytics().add(namespace, Operation.READ, 200, 50 * MICROSECOND, 0, 100);
    }
  }

  private void pass(Duration time) {
    clock.advance(time);
    step(analytics());
  }

  /** The minute that ends is written one step later. */
  private static void step(Analytics each) {
    each.step();
    each.step();
    each.step();
  }

  private Map<Group, Total> totals(Duration past, Dimension... by) {
    long now = clock.instant().getEpochSecond();
    Set<Dimension> dimensions = EnumSet.noneOf(Dimension.class);
    dimensions.addAll(List.of(by));
    return new Selection(now - past.toSeconds(), now + 1, 60, (_, _) -> true)
        .totals(analytics(), dimensions, held::addAndGet);
  }

  private long requests(Duration past) {
    return totals(past).values().stream().mapToLong(Total::requests).sum();
  }

  private Map<NamespaceId, Long> byNamespace(Duration past) {
    Map<NamespaceId, Long> requests = new TreeMap<>();
    totals(past, Dimension.NAMESPACE)
        .forEach((group, total) -> requests.put(group.namespace(), total.requests()));
    return requests;
  }

  @Test
  void anOperationIsCountedAtOnceAndOnce() {
    open();
    read(ONE, 3);
    assertThat(requests(Duration.ofHours(1))).isEqualTo(3);

    clock.advance(Duration.ofMinutes(1));
    for (int step = 0; step < 4; step++) {
      analytics().step();
      assertThat(requests(Duration.ofHours(1))).isEqualTo(3);
    }
    read(ONE, 2);
    assertThat(requests(Duration.ofHours(1))).isEqualTo(5);
  }

  @Test
  void theGroupsHaveWhatWasRecorded() {
    open();
    analytics().add(ONE, Operation.WRITE, 200, 2_000_000, 700, 20);
    analytics().add(ONE, Operation.WRITE, 412, 1_000_000, 700, 30);
    analytics().add(TWO, Operation.LIST, 200, 3_000_000, 0, 5000);

    Map<Group, Total> groups =
        totals(Duration.ofHours(1), Dimension.NAMESPACE, Dimension.OPERATION, Dimension.STATUS);

    assertThat(held).hasValue(groups.size() * Selection.GROUP_BYTES);
    assertThat(groups.keySet())
        .containsExactly(
            new Group(0, ONE, null, Operation.WRITE, 200),
            new Group(0, ONE, null, Operation.WRITE, 412),
            new Group(0, TWO, null, Operation.LIST, 200));
    Total list = Objects.requireNonNull(groups.get(new Group(0, TWO, null, Operation.LIST, 200)));
    assertThat(list.objectBytes()).isEqualTo(5000);
    assertThat(list.millis(0.5)).isBetween(2.9, 3.1);
  }

  @Test
  void aProcessThatIsKilledLosesTheCurrentMinute() {
    open();
    read(ONE, 5);
    pass(Duration.ofMinutes(1));
    read(ONE, 100);
    open(); // as after a kill

    assertThat(requests(Duration.ofHours(1))).isEqualTo(5);

    read(ONE, 7);
    analytics().close();
    open();
    assertThat(requests(Duration.ofHours(1))).isEqualTo(12);
  }

  @Test
  void aFrameThatWasBeingWrittenIsRemoved() throws IOException {
    open();
    read(ONE, 5);
    pass(Duration.ofMinutes(1));
    try (Stream<Path> files = Files.list(data.resolve("origin/analytics"))) {
      Path file = files.findFirst().orElseThrow();
      byte[] whole = Files.readAllBytes(file);
      Files.write(file, new byte[] {0, 0, 0, 99, 1}, StandardOpenOption.APPEND);
      open();
      assertThat(requests(Duration.ofHours(1))).isEqualTo(5);
      read(ONE, 5);
      pass(Duration.ofMinutes(1));
      assertThat(Files.readAllBytes(file)).startsWith(whole);
    }
    open();
    assertThat(requests(Duration.ofHours(1))).isEqualTo(10);
  }

  @Test
  void hoursAreAddedUpAndKeptForAMonth() throws IOException {
    open();
    long perDay = 2;
    for (int pass = 0; pass < 36 * perDay; pass++) {
      read(ONE, 3);
      pass(Duration.ofHours(24 / perDay));
    }
    assertThat(requests(Duration.ofDays(7))).isBetween(7 * perDay * 3, 7 * perDay * 3 + 3);
    assertThat(requests(Duration.ofHours(24))).isEqualTo(perDay * 3);
    open();
    assertThat(requests(Duration.ofDays(40)))
        .isEqualTo(requests(Duration.ofDays(33)))
        .isGreaterThanOrEqualTo(31 * perDay * 3);
    try (Stream<Path> files = Files.list(data.resolve("origin/analytics"))) {
      assertThat(files.map(file -> file.getFileName().toString().split("-", 2)[0]))
          .filteredOn("minutes"::equals)
          .hasSizeLessThanOrEqualTo(25);
    }
  }

  @Test
  void quietNamespacesFoldWithinTheBound() throws IOException {
    long bound = 1 << 20;
    opened = open("origin", false, bound);
    Map<NamespaceId, Long> busy =
        LongStream.range(0, 300)
            .boxed()
            .collect(
                Collectors.toMap(
                    number -> new NamespaceId("%032x".formatted(number + 1)),
                    number -> number < 2 ? 50 : 1L));
    long sent = 0;
    for (int minute = 0; minute < 70; minute++) {
      for (Map.Entry<NamespaceId, Long> each : busy.entrySet()) {
        read(each.getKey(), each.getValue().intValue());
        sent += each.getValue();
      }
      pass(Duration.ofMinutes(1));
    }
    Map<NamespaceId, Long> counted = byNamespace(Duration.ofHours(2));

    assertThat(counted.values().stream().mapToLong(Long::longValue).sum()).isEqualTo(sent);
    assertThat(counted).containsKeys(new NamespaceId("%032x".formatted(1)), Row.OTHER);
    assertThat(counted.get(Row.OTHER)).isGreaterThan(sent / 2);
    assertThat(bytes(data)).isLessThan(bound / 8);
  }

  private static long bytes(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(Files::isRegularFile).mapToLong(AnalyticsTest::size).sum();
    }
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void theOriginCountsTheOperationsOfAnEdgeOnce() {
    open();
    Analytics edge = open("fra", true, BYTES);
    edge.add(ONE, Operation.READ, 200, MICROSECOND, 0, 10);
    clock.advance(Duration.ofMinutes(1));
    step(edge);

    Bytes frame = edge.unsent();
    assertThat(frame.isEmpty()).isFalse();
    assertThat(analytics().receive(frame)).isZero();
    assertThat(analytics().receive(frame)).isZero();
    step(analytics());
    // The answer to the first report was lost, and the edge was started again.
    edge.close();
    edge = open("fra", true, BYTES);
    long number = analytics().receive(edge.unsent());
    edge.confirmed(number);

    assertThat(edge.unsent().isEmpty()).isTrue();
    assertThat(totals(Duration.ofHours(1), Dimension.PLACE))
        .hasEntrySatisfying(
            new Group(0, null, "fra", null, 0), total -> assertThat(total.requests()).isEqualTo(1));
    open();
    assertThat(requests(Duration.ofHours(1))).isEqualTo(1);
  }

  @Test
  void aFrameThatCannotBeReadIsIgnored() {
    open();
    assertThat(analytics().receive(Bytes.utf8("no frame"))).isZero();
    step(analytics());
    assertThat(requests(Duration.ofHours(1))).isZero();
  }

  @Test
  void withoutBytesNothingIsKept() {
    opened = open("origin", false, 0);
    read(ONE, 3);
    pass(Duration.ofMinutes(1));
    assertThat(requests(Duration.ofHours(1))).isZero();
    assertThat(data.resolve("origin")).doesNotExist();
  }

  /** Returns the requests since the start by namespace. */
  private Map<NamespaceId, Long> sinceStart() {
    return analytics().sinceStart().stream()
        .collect(Collectors.toMap(Row::namespace, Row::count, Long::sum));
  }

  @Test
  void metricsShowTheBusiestNamespacesApartAndNoCountFalls() {
    NamespaceId three = new NamespaceId("3".repeat(32));
    open();
    read(ONE, 10);
    read(TWO, 20);
    read(three, 1);
    assertThat(sinceStart())
        .containsOnly(Map.entry(ONE, 10L), Map.entry(TWO, 20L), Map.entry(Row.OTHER, 1L));

    // The third becomes busier than the first, and takes its place when a minute begins.
    long other = 1;
    for (int minute = 0; minute < 3; minute++) {
      clock.advance(Duration.ofMinutes(1));
      for (int step = 0; step < 3; step++) {
        read(three, 50);
        analytics().step();
        long now = sinceStart().getOrDefault(Row.OTHER, 0L);
        assertThat(now).isGreaterThanOrEqualTo(other);
        other = now;
      }
    }
    assertThat(sinceStart()).containsOnlyKeys(Row.OTHER, TWO, three).containsEntry(TWO, 20L);
    assertThat(sinceStart().getOrDefault(three, 0L) + other).isEqualTo(1 + 9 * 50);
  }

  @Test
  void withoutNamesAllNamespacesShareASeries() {
    named = 0;
    open();
    read(ONE, 10);
    pass(Duration.ofMinutes(1));
    pass(Duration.ofMinutes(1));
    read(TWO, 10);
    assertThat(sinceStart()).containsOnly(Map.entry(Row.OTHER, 20L));
  }

  @Test
  void amountsAreKeptByMinuteAndByHour() {
    open();
    analytics().add(List.of(new Stored(ONE, 10, 1000)));
    pass(Duration.ofMinutes(1));
    analytics().add(List.of(new Stored(ONE, 20, 2000)));
    step(analytics());
    pass(Duration.ofHours(26));

    long now = clock.instant().getEpochSecond();
    var selection = new Selection(now - 48 * 3600, now + 1, 60, (_, _) -> true);
    assertThat(selection.samples(analytics(), _ -> true, held::addAndGet))
        .extracting(Selection.Sample::stored)
        .containsExactly(new Stored(ONE, 20, 2000));
  }
}
