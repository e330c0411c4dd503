package selvedge.engine.store.rocks;

import java.time.Instant;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import selvedge.engine.store.Loading;
import selvedge.engine.store.Reached;
import selvedge.engine.store.row.KeySpace;
import selvedge.engine.store.row.RowReader;
import selvedge.engine.store.row.RowWriter;
import selvedge.model.Entry;
import selvedge.model.Key;
import selvedge.model.NamespaceId;
import selvedge.model.Version;

/** Fills an empty store with hundreds of entries at a time, and stores the progress with them. */
final class RocksLoading implements Loading {
  private static final int ENTRIES_AT_ONCE = 500;
  private static final long BYTES_AT_ONCE = 4 << 20;
  private static final byte[] ROW = Upkeep.Fact.LOADING.key();
  private static final byte[] SNAPSHOT_ROW = Upkeep.Fact.LOADING_SNAPSHOT.key();

  private final Tables rocks;
  private final Supplier<Commit> commits;
  private final Supplier<TableWriter> writers;
  private final BiConsumer<Reached, Instant> finishing;
  private @Nullable Reached reached;
  private Commit commit;
  private TableWriter tables;
  private int entries;

  /** Whether entries were added and not written. A failed write is not repeated. */
  private boolean unwritten;

  private long bytes;

  /**
   * @param commits creates commits that place values
   * @param writers creates writers that collect entries
   * @param finishing gives the store the epoch and the version of the snapshot
   */
  RocksLoading(
      Tables rocks,
      Supplier<Commit> commits,
      Supplier<TableWriter> writers,
      BiConsumer<Reached, Instant> finishing) {
    this.rocks = rocks;
    this.commits = commits;
    this.finishing = finishing;
    this.writers = writers;
    this.commit = commits.get();
    this.tables = writers.get();
    byte[] row = rocks.get(Table.UPKEEP, ROW);
    this.reached = row == null ? null : decode(row, rocks.get(Table.UPKEEP, SNAPSHOT_ROW));
  }

  /** An earlier version did not record which snapshot was the last one. */
  private Reached decode(byte[] row, byte @Nullable [] snapshot) {
    var reader = new RowReader(row, rocks.name(Table.UPKEEP));
    long epoch = reader.i64();
    Version version = reader.version();
    var first = new Reached(epoch, version, reader.namespace(), reader.lastKey(), 0, version);
    if (snapshot == null) {
      return first;
    }
    var last = new RowReader(snapshot, rocks.name(Table.UPKEEP));
    return first.in(last.i64(), last.version());
  }

  private static byte[] encode(Reached reached) {
    byte[] entry = KeySpace.entry(reached.namespace(), reached.key().bytes());
    return new RowWriter(2 * Long.BYTES + entry.length)
        .i64(reached.epoch())
        .version(reached.version())
        .namespace(reached.namespace())
        .bytes(reached.key().bytes())
        .row();
  }

  private static byte[] encodeSnapshot(Reached reached) {
    return new RowWriter(2 * Long.BYTES).i64(reached.opening()).version(reached.newest()).row();
  }

  @Override
  public Optional<Reached> reached() {
    return Optional.ofNullable(reached);
  }

  @Override
  public void begin(long epoch, long opening, Version version) {
    reached = new Reached(epoch, version, NamespaceId.SYSTEM, Key.of("-"), opening, version);
    unwritten = true;
  }

  @Override
  public void continueWith(long opening, Version version) {
    reached = begun().in(opening, version);
    unwritten = true;
  }

  private Reached begun() {
    if (reached == null) {
      throw new IllegalStateException("nothing has been begun");
    }
    return reached;
  }

  @Override
  public void add(NamespaceId namespace, Entry entry) {
    tables.restore(namespace, entry, commit.place(entry.value()));
    unwritten = true;
    entries++;
    bytes += entry.value().length();
    reached = begun().at(namespace, entry.key());
    if (entries >= ENTRIES_AT_ONCE || bytes >= BYTES_AT_ONCE) {
      write();
    }
  }

  private void write() {
    unwritten = false;
    entries = 0;
    bytes = 0;
    tables.restoreRow(ROW, encode(begun()));
    tables.restoreRow(SNAPSHOT_ROW, encodeSnapshot(begun()));
    tables.writeRestored();
    commit.succeeded();
    free();
    commit = commits.get();
    tables = writers.get();
  }

  @Override
  public void finish(Instant at) {
    write();
    finishing.accept(begun(), at);
  }

  /** Writes what was added, so that the next attempt continues after it. */
  @Override
  public void close() {
    try {
      if (unwritten) {
        write();
      }
    } finally {
      free();
    }
  }

  private void free() {
    tables.close();
    commit.close();
  }
}
