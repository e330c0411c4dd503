package selvedge.engine.store.rocks;

import java.util.ArrayList;
import java.util.List;
import selvedge.engine.store.row.FeedRow;
import selvedge.engine.store.row.JournalRow;
import selvedge.engine.store.row.RowSeal;
import selvedge.engine.store.row.Stored;
import selvedge.model.Bytes;
import selvedge.model.Change;
import selvedge.model.Key;
import selvedge.model.Mutation;
import selvedge.model.Value;

/** The changes of one commit, with their values placed and encrypted. Confined to the writer. */
final class Commit implements AutoCloseable {
  private final Uploads uploads;
  private final RowSeal seal;
  private final int inlineBytes;
  private final List<JournalRow> changes = new ArrayList<>();
  private final List<RocksUpload> claimed = new ArrayList<>();

  Commit(Uploads uploads, RowSeal seal, int inlineBytes) {
    this.uploads = uploads;
    this.seal = seal;
    this.inlineBytes = inlineBytes;
  }

  void add(Change change) {
    FeedRow.Action action =
        switch (change.mutation()) {
          case Mutation.Put put ->
              new FeedRow.Action.Put(put.key(), put.expiry(), put.metadata(), place(put.value()));
          case Mutation.Delete(Key key) -> new FeedRow.Action.Delete(key);
          case Mutation.Clear(Bytes prefix) -> new FeedRow.Action.Clear(prefix);
        };
    var row = new FeedRow(change.at(), change.namespace(), action);
    changes.add(seal.seal(new JournalRow(change.version(), row)));
  }

  List<JournalRow> changes() {
    return changes;
  }

  /** Copies a value that is neither small nor an upload of this store into an upload. */
  Stored place(Value value) {
    if (value instanceof Bytes bytes && bytes.size() <= inlineBytes) {
      return new Stored.Inline(bytes);
    }
    if (value instanceof ChunkedValue chunked && uploads.isPending(chunked)) {
      return claim(chunked);
    }
    Value copy = uploads.copy(value);
    return copy instanceof ChunkedValue chunked ? claim(chunked) : new Stored.Inline(copy.bytes());
  }

  private Stored claim(ChunkedValue value) {
    claimed.add(uploads.claim(value.stored().id()));
    return value.stored();
  }

  /** Returns whether chunks must be on disk before the changes. */
  boolean hasChunks() {
    return !claimed.isEmpty();
  }

  /** Hands the claimed uploads over to the entries. */
  void succeeded() {
    claimed.forEach(RocksUpload::committed);
    claimed.clear();
  }

  /** Releases the claimed uploads, unless the commit {@link #succeeded}. */
  @Override
  public void close() {
    claimed.forEach(RocksUpload::released);
  }
}
