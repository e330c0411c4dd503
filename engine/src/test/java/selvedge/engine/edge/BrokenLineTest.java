package selvedge.engine.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import selvedge.engine.feed.FeedRead;
import selvedge.engine.namespace.ServedStore;
import selvedge.engine.replication.Descent;
import selvedge.engine.replication.NewLineage;
import selvedge.engine.replication.Position;
import selvedge.engine.replication.Source;
import selvedge.engine.store.ForwardingStore;
import selvedge.engine.store.Snapshot;
import selvedge.engine.store.Store;
import selvedge.engine.store.rocks.ChunkRows;
import selvedge.engine.store.rocks.RocksStore;
import selvedge.engine.work.RestartingWorker;
import selvedge.engine.work.Worker;
import selvedge.model.Bytes;
import selvedge.model.Change;
import selvedge.model.Expiry;
import selvedge.model.Key;
import selvedge.model.Limit;
import selvedge.model.Limits;
import selvedge.model.Lookup;
import selvedge.model.Metadata;
import selvedge.model.Mutation;
import selvedge.model.NamespaceId;
import selvedge.model.Profile;
import selvedge.model.StorageFullException;
import selvedge.model.Version;
import selvedge.model.testing.SettableClock;
import selvedge.model.wire.Message;
import selvedge.model.wire.MessageWriter;

/** A replica behind a line that breaks after every megabyte. */
final class BrokenLineTest {
  private static final NamespaceId NAMESPACE = new NamespaceId("11".repeat(16));
  private static final int MEGABYTE = 1 << 20;
  private static final int LARGE = 5 * MEGABYTE + 12_345;
  private static final Limits LIMITS = Limits.of(Profile.OPEN);

  private final SettableClock clock = new SettableClock(Instant.parse("2026-01-01T00:00:00Z"));
  private final Random random = new Random(3);
  private int failures;
  private final List<Long> batches = new ArrayList<>();
  @TempDir private Path folder;
  private RocksStore origin;
  private RocksStore edge;

  @BeforeEach
  void open() {
    origin = RocksStore.open(folder.resolve("origin"), LIMITS, clock, random);
    edge = RocksStore.open(folder.resolve("edge"), LIMITS, clock, random);
  }

  @AfterEach
  void close() {
    origin.close();
    edge.close();
  }

  private void put(String key, int length) {
    byte[] value = new byte[length];
    random.nextBytes(value);
    origin.commit(
        List.of(
            new Change(
                origin.latest().next(),
                clock.instant(),
                NAMESPACE,
                new Mutation.Put(Key.of(key), Bytes.adopt(value), Metadata.NONE, Expiry.NEVER))));
  }

  /** The origin, behind a line that breaks off after so many bytes. */
  private final class Line implements Source {
    private final int bytesMax;
    private final boolean resumes;
    private int connections;
    private ReceivedPart requested = ReceivedPart.NOTHING;

    /**
     * @param resumes whether the origin sends the rest of a value; older ones do not
     */
    Line(int bytesMax, boolean resumes) {
      this.bytesMax = bytesMax;
      this.resumes = resumes;
    }

    @Override
    public InputStream feed(Descent after) throws IOException {
      return feed(after, ReceivedPart.NOTHING);
    }

    @Override
    public Descent descent() {
      return Descent.of(origin);
    }

    @Override
    public InputStream feed(Descent from, ReceivedPart received) throws IOException {
      requested = received;
      Version after = from.latest();
      var out = new ByteArrayOutputStream();
      var writer = new MessageWriter(out);
      writer.write(new Message.Hello(origin.epoch(), after));
      if (origin.read(after, 1000) instanceof FeedRead.Changes(List<Change> changes)) {
        for (Change change : changes) {
          announce(writer, change.version(), received);
          writer.write(new Message.Changed(change));
        }
      }
      return line(out);
    }

    private void announce(MessageWriter writer, Version next, ReceivedPart received)
        throws IOException {
      if (resumes && received.bytes() > 0 && received.version().equals(next)) {
        assertThat(received.epoch()).isEqualTo(origin.epoch());
        writer.rest(next, received.bytes());
      }
    }

    @Override
    public InputStream snapshot() throws IOException {
      return snapshot(origin.snapshot(), ReceivedPart.NOTHING);
    }

    @Override
    public InputStream snapshotBehind(NamespaceId namespace, Key key) throws IOException {
      return snapshotBehind(namespace, key, ReceivedPart.NOTHING);
    }

    @Override
    public InputStream snapshotBehind(NamespaceId namespace, Key key, ReceivedPart received)
        throws IOException {
      Snapshot snapshot = origin.snapshot();
      snapshot.continueBehind(namespace, key);
      return snapshot(snapshot, received);
    }

    private InputStream snapshot(Snapshot open, ReceivedPart received) throws IOException {
      var out = new ByteArrayOutputStream();
      var writer = new MessageWriter(out);
      try (Snapshot snapshot = open) {
        writer.write(new Message.Hello(origin.epoch(), snapshot.version()));
        long count = 0;
        for (Optional<Snapshot.Placed> next = snapshot.next();
            next.isPresent();
            next = snapshot.next()) {
          announce(writer, next.get().entry().version(), received);
          writer.write(new Message.Placed(next.get().namespace(), next.get().entry()));
          count++;
        }
        writer.write(new Message.End(count, ""));
      }
      return line(out);
    }

    private InputStream line(ByteArrayOutputStream out) {
      connections++;
      int sent = Math.min(out.size(), bytesMax);
      return new ByteArrayInputStream(Arrays.copyOf(out.toByteArray(), sent));
    }

    @Override
    public Reading read(NamespaceId namespace, List<Key> keys, Least least) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Position position() {
      return new Position(origin.epoch(), origin.latest(), Duration.ZERO, clock.instant());
    }
  }

  /** Records how much each commit brings. */
  private final class Commits implements Replica.Watcher {
    @Override
    public void applied(List<Change> changes) {
      if (failures-- > 0) {
        throw new OutOfMemoryError("of this test");
      }
      batches.add(
          changes.stream()
              .mapToLong(change -> ((Mutation.Put) change.mutation()).value().length())
              .sum());
    }

    @Override
    public void lost(String why) {
      throw new AssertionError(why);
    }
  }

  private Replica replica(Line line) {
    edge.adopt(origin.epoch());
    return replica(edge, line);
  }

  private Replica replica(Store store, Line line) {
    return new Replica(
        new ServedStore(store, edge, LIMITS, clock),
        () -> Duration.between(Instant.EPOCH, clock.instant()).toNanos(),
        line,
        Selection.EVERYTHING,
        new Commits());
  }

  private void follow(Line line, int stepsMax) {
    Replica replica = replica(line);
    Worker follower = replica.workers().getFirst();
    for (int step = 0; step < stepsMax && edge.latest().compareTo(origin.latest()) < 0; step++) {
      follower.step();
    }
  }

  private void requireSame() {
    assertThat(edge.latest()).isEqualTo(origin.latest());
    for (int i = 1; i <= 3; i++) {
      assertThat(value(edge, "large/" + i)).isEqualTo(value(origin, "large/" + i));
    }
    assertThat(ChunkRows.of(edge)).isEqualTo(ChunkRows.of(origin));
  }

  private static Bytes value(RocksStore store, String key) {
    return ((Lookup.Found) store.get(NAMESPACE, Key.of(key))).entry().value().bytes();
  }

  private void putSmallAndLarge() {
    for (int i = 1; i <= 3; i++) {
      put("small/" + i, 1000);
      put("large/" + i, LARGE);
    }
  }

  @Test
  void theFeedProgressesThoughEachConnectionBreaksWithinAValue() {
    putSmallAndLarge();
    var line = new Line(MEGABYTE, true);

    follow(line, 200);

    requireSame();
    assertThat(line.connections).isLessThan(30);
  }

  /** The changes that begin a lineage, and the first part of the value, arrive together. */
  @Test
  void aValueBehindTheBeginningOfALineageIsContinued() {
    putSmallAndLarge();
    follow(new Line(Integer.MAX_VALUE, true), 200);
    NewLineage.begin(origin, clock.instant(), random);
    put("large/1", LARGE);
    var line = new Line(MEGABYTE, true);
    Replica replica = replica(edge, line);

    for (int step = 0; step < 200 && edge.latest().compareTo(origin.latest()) < 0; step++) {
      replica.workers().getFirst().step();
    }

    requireSame();
    assertThat(edge.epoch()).isEqualTo(origin.epoch());
    assertThat(line.connections).isLessThan(10);
  }

  /** A store whose disk fails at the first commit. */
  private record Failing(RocksStore delegate, AtomicInteger failures) implements ForwardingStore {
    @Override
    public void commit(List<Change> changes) {
      if (failures.getAndDecrement() > 0) {
        throw new StorageFullException("the disk is full");
      }
      delegate.commit(changes);
    }
  }

  /** The origin knows the value by the changes before it, which the store does not have. */
  @Test
  void aPartIsNotContinuedIfTheChangesBeforeItWereNotStored() {
    putSmallAndLarge();
    edge.adopt(origin.epoch());
    var line = new Line(MEGABYTE, true);
    Replica replica = replica(new Failing(edge, new AtomicInteger(1)), line);
    Worker follower = replica.workers().getFirst();

    while (line.connections < 2) {
      follower.step();
    }
    assertThat(line.requested).isEqualTo(Source.ReceivedPart.NOTHING);
    while (line.connections < 3) {
      follower.step();
    }

    assertThat(line.requested.version()).isEqualTo(new Version(2));
    assertThat(edge.latest()).isEqualTo(new Version(1));
  }

  @Test
  void theSnapshotProgressesThoughEachConnectionBreaksWithinAValue() throws IOException {
    putSmallAndLarge();
    var line = new Line(MEGABYTE, true);
    int breaks = 0;

    try (var bootstrap = new Bootstrap(edge, line, LIMITS, clock, Selection.EVERYTHING)) {
      for (int attempt = 0; attempt < 100 && !bootstrap.isLoaded(); attempt++) {
        try {
          bootstrap.load(null, _ -> {});
        } catch (IOException e) {
          breaks++;
        }
      }
    }

    requireSame();
    assertThat(breaks).isGreaterThan(10);
    assertThat(line.connections).isLessThan(30);
  }

  @Test
  void completeChangesBeforeABreakAreAppliedAndPartsAreFreed() {
    putSmallAndLarge();
    var line = new Line(LARGE + MEGABYTE, false);

    follow(line, 200);

    requireSame();
  }

  @Test
  void aLineThatBreaksWithinEachValueOfAnOlderOriginLeavesNothingBehind() {
    putSmallAndLarge();
    var line = new Line(MEGABYTE, false);

    follow(line, 100);

    assertThat(edge.latest()).isEqualTo(new Version(1));
    assertThat(ChunkRows.of(edge)).isLessThanOrEqualTo(MEGABYTE / LIMITS.get(Limit.CHUNK_BYTES));
  }

  @Test
  void aBatchIsBoundedByItsBytes() {
    for (int i = 0; i < 300; i++) {
      put("small/" + i, 60_000);
    }

    follow(new Line(Integer.MAX_VALUE, true), 200);

    assertThat(edge.latest()).isEqualTo(origin.latest());
    assertThat(batches).allMatch(bytes -> bytes <= LIMITS.get(Limit.BATCH_BYTES) + 60_000);
  }

  @Test
  void aFollowerContinuesAfterAnErrorAndAnnouncesTheCommitThatItHadNotAnnounced() {
    for (int i = 0; i < 5; i++) {
      put("small/" + i, 100);
    }
    Replica replica = replica(new Line(Integer.MAX_VALUE, true));
    var follower = new RestartingWorker(replica.workers().getFirst(), _ -> {});
    failures = 1;

    while (failures > 0) {
      follower.step();
    }
    String trouble = replica.connection().trouble();
    follower.step();

    assertThat(trouble).contains("starts again").contains("OutOfMemoryError");
    assertThat(edge.latest()).isEqualTo(origin.latest());
    assertThat(batches).containsExactly(500L);
  }
}
