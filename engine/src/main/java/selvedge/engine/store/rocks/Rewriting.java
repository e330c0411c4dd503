package selvedge.engine.store.rocks;

import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import selvedge.engine.encryption.DataKeys;
import selvedge.engine.store.rocks.RewritingProgress.Phase;
import selvedge.engine.store.row.EntryRow;
import selvedge.engine.store.row.GarbageRow;
import selvedge.engine.store.row.KeySpace;
import selvedge.engine.store.row.Stored;
import selvedge.engine.store.row.ValueId;
import selvedge.engine.work.Threads;
import selvedge.model.Bytes;
import selvedge.model.InvalidRequestException;
import selvedge.model.SelvedgeException;
import selvedge.model.Version;

/**
 * Encrypts rows of a store again, in bounded pieces: those that are not encrypted, and those under
 * a data key before a given one.
 *
 * <p>Rows of entries come first, then chunks of large values. Then a thread of its own replaces all
 * files of RocksDB, which still contain the rows from before. The progress is stored in a row of
 * upkeep with each piece.
 *
 * <p>Confined to the writer, except for {@link #state} and {@link #rotate}.
 */
final class Rewriting implements AutoCloseable {
  private static final int ROWS_AT_ONCE = 128;

  /** Encrypting so much takes some milliseconds, for which writes wait. */
  private static final int BYTES_AT_ONCE = 256 << 10;

  private static final byte[] ROW = Upkeep.Fact.REWRITING.key();
  private static final Duration UNTIL_CLOSED = Duration.ofDays(365);

  private final Tables rocks;
  private final Threads threads;
  private final Chunks chunks;
  private final @Nullable DataKeys keys;
  private volatile RewritingProgress progress;
  private volatile @Nullable String failure;

  /** The large value of which only some chunks were encrypted again. */
  private @Nullable ValueId partial;

  private int nextChunk;
  private @Nullable Merging merging;

  Rewriting(Tables rocks, Threads threads, Chunks chunks, @Nullable DataKeys keys, Version latest) {
    this.rocks = rocks;
    this.threads = threads;
    this.chunks = chunks;
    this.keys = keys;
    this.progress = keys == null ? RewritingProgress.DONE : found(keys, latest);
  }

  /** Returns the progress of an earlier opening, or that of a new start. */
  private RewritingProgress found(DataKeys on, Version latest) {
    if (!on.isMixed() && on.since() == 1) {
      return RewritingProgress.DONE;
    }
    byte[] row = rocks.get(Table.UPKEEP, ROW);
    RewritingProgress stored =
        row == null ? null : RewritingProgress.decode(row, rocks.name(Table.UPKEEP));
    return stored != null && stored.since() == on.since() ? stored : begun(on.since(), latest);
  }

  private RewritingProgress begun(int since, Version latest) {
    long total = rocks.estimateRows(Table.ENTRIES) + rocks.estimateRows(Table.CHUNKS);
    return new RewritingProgress(Phase.ENTRIES, since, latest, 0, total, Bytes.EMPTY);
  }

  /**
   * @param journalStart the version that the oldest change of the journal follows
   */
  Optional<EncryptionState> state(Version journalStart) {
    DataKeys on = keys;
    if (on == null) {
      return Optional.empty();
    }
    RewritingProgress now = progress;
    boolean begins = on.since() > Math.max(1, now.since());
    long percent = begins ? 0 : now.done() * 100 / Math.max(1, now.total());
    return Optional.of(
        new EncryptionState(
            on.masterId(),
            !on.isMixed(),
            now.phase() == Phase.DONE && !begins ? 100 : (int) Math.min(99, percent),
            Optional.ofNullable(failure),
            journalStart.compareTo(now.switched()) < 0 ? now.switched() : Version.NONE,
            on.trouble()));
  }

  String rotate(boolean rewrites) {
    DataKeys on = keys;
    if (on == null) {
      throw new InvalidRequestException(
          "the store is not encrypted: set encryption-key-file and restart the server");
    }
    String master = rewrites && on.isCurrent() ? on.masterId() : on.rotate();
    if (rewrites) {
      on.renew();
    }
    return master;
  }

  /**
   * Does a bounded piece, and returns whether more work can follow immediately.
   *
   * @param unwatched whether no snapshot is open, which would keep old rows
   * @param latest the version of the store
   * @param forget removes the changes up to a version from the feed
   */
  boolean step(boolean unwatched, Version latest, Consumer<Version> forget) {
    DataKeys on = keys;
    if (on == null || failure != null) {
      return false;
    }
    if (on.since() > progress.since() && (on.isMixed() || on.since() > 1)) {
      endMerging();
      progress = begun(on.since(), on.isMixed() ? progress.switched() : latest);
    }
    try {
      return switch (progress.phase()) {
        case ENTRIES -> entries();
        case LARGE -> values(Upkeep.LARGE, Phase.GARBAGE, Upkeep.GARBAGE.start());
        case GARBAGE -> values(Upkeep.GARBAGE, Phase.FILES, new byte[0]);
        case FILES -> files(on, unwatched, forget);
        case DONE -> false;
      };
    } catch (SelvedgeException e) {
      failure = e.getMessage();
      return false;
    }
  }

  private boolean entries() {
    byte[] last = new byte[KeySpace.NAMESPACE_BYTES + 1];
    Arrays.fill(last, (byte) 0xff);
    String table = rocks.name(Table.ENTRIES);
    byte[] next = progress.position().toArray();
    int seen = 0;
    long bytes = 0;
    try (WriteSet rows = rocks.writeSet()) {
      try (Scan scan = rocks.scan(Table.ENTRIES, next, last)) {
        while (seen < ROWS_AT_ONCE && bytes < BYTES_AT_ONCE && scan.next()) {
          byte[] entry = scan.key();
          byte[] row = scan.row();
          if (EntryRow.keyNumber(row) < progress.since()) {
            EntryRow plain = EntryRow.decode(row, entry, chunks.seal(), table);
            TableWriter.putEntry(rows, chunks.seal(), entry, plain, null);
          }
          next = Arrays.copyOf(entry, entry.length + 1);
          seen++;
          bytes += row.length;
        }
      }
      boolean ends = seen < ROWS_AT_ONCE && bytes < BYTES_AT_ONCE;
      RewritingProgress now = progress.at(seen, next);
      write(rows, ends ? now.to(Phase.LARGE, Upkeep.LARGE.start()) : now);
    }
    return true;
  }

  /** A replaced value moves from the large rows to the garbage rows, which are read later. */
  private boolean values(Upkeep kind, Phase after, byte[] start) {
    byte[] next = progress.position().toArray();
    long seen = 0;
    long bytes = 0;
    try (WriteSet rows = rocks.writeSet()) {
      try (Scan scan = rocks.scan(Table.UPKEEP, next, kind.end())) {
        while (bytes < BYTES_AT_ONCE && seen < ROWS_AT_ONCE && scan.next()) {
          byte[] key = scan.key();
          Stored.Chunked value = value(kind, scan.row());
          int chunk = value.id().equals(partial) ? nextChunk : 0;
          while (chunk < value.chunks() && bytes < BYTES_AT_ONCE) {
            bytes += chunks.encryptAnew(value, chunk, progress.since(), rows);
            chunk++;
            seen++;
          }
          partial = value.id();
          nextChunk = chunk;
          next = chunk < value.chunks() ? key : Arrays.copyOf(key, key.length + 1);
        }
      }
      boolean ends = bytes < BYTES_AT_ONCE && seen < ROWS_AT_ONCE;
      RewritingProgress now = progress.at(seen, next);
      write(rows, ends ? now.to(after, start) : now);
    }
    return true;
  }

  private Stored.Chunked value(Upkeep kind, byte[] row) {
    String table = rocks.name(Table.UPKEEP);
    return kind == Upkeep.LARGE
        ? Upkeep.chunked(row, table)
        : GarbageRow.decode(row, table).value();
  }

  private void write(WriteSet rows, RewritingProgress now) {
    rows.put(Table.UPKEEP, ROW, now.encode());
    rocks.writeUnlogged(rows);
    progress = now;
  }

  private boolean files(DataKeys on, boolean unwatched, Consumer<Version> forget) {
    Merging running = merging;
    if (running == null) {
      if (unwatched) {
        merging = new Merging();
      }
      return false;
    }
    if (!running.isDone()) {
      return false;
    }
    endMerging();
    if (on.isMixed()) {
      forget.accept(progress.switched());
      on.requireEncrypted();
    }
    try (WriteSet rows = rocks.writeSet()) {
      write(rows, progress.to(Phase.DONE, new byte[0]));
    }
    return false;
  }

  private void endMerging() {
    Merging running = merging;
    merging = null;
    if (running != null) {
      running.close();
    }
  }

  /** Cancels the replacement of files, which the next opening begins again. */
  @Override
  public void close() {
    endMerging();
  }

  /** Replaces the files of the tables, on a thread of its own. */
  private final class Merging implements AutoCloseable {
    private final Tables.Merge merge = rocks.fullMerge();
    private final Threads.Running thread;
    private volatile boolean ended;
    private volatile boolean done;
    private volatile boolean cancelled;

    Merging() {
      thread = threads.start("selvedge-rewrite", this::step);
    }

    private Duration step() {
      if (!ended) {
        ended = true;
        try {
          merge.run();
          done = true;
        } catch (SelvedgeException e) {
          if (!cancelled) {
            failure = e.getMessage();
          }
        }
      }
      return UNTIL_CLOSED;
    }

    boolean isDone() {
      return done;
    }

    @Override
    public void close() {
      cancelled = true;
      merge.cancel();
      thread.close();
      merge.close();
    }
  }
}
