package selvedge.engine.store.rocks;

import java.time.Instant;
import java.util.Optional;
import selvedge.engine.store.IndexView;
import selvedge.engine.store.Name;
import selvedge.engine.store.row.IndexRow;
import selvedge.engine.store.row.KeySpace;
import selvedge.engine.store.row.RowReader;
import selvedge.engine.store.row.RowSeal;
import selvedge.model.Bytes;
import selvedge.model.Expiry;
import selvedge.model.Key;
import selvedge.model.Listed;
import selvedge.model.NamespaceId;
import selvedge.model.Version;

/** The index of a store, from a view of the tables. */
final class RocksIndexView implements IndexView {
  private static final int ENTRY_OFFSET = 1 + Long.BYTES;

  private final Tables rocks;
  private final RowSeal seal;
  private final Tables.View view;
  private final Runnable onClose;
  private final Version version;

  /**
   * @param onClose allows earlier rows to be removed again
   */
  RocksIndexView(Tables rocks, RowSeal seal, Runnable onClose) {
    this.rocks = rocks;
    this.seal = seal;
    this.onClose = onClose;
    this.view = rocks.view();
    this.version =
        Upkeep.latest(view.get(Table.UPKEEP, Upkeep.Fact.LATEST.key()), rocks.name(Table.UPKEEP))
            .version();
  }

  @Override
  public Version version() {
    return version;
  }

  @Override
  public Optional<Listed> find(NamespaceId namespace, Key key) {
    byte[] entry = KeySpace.entry(namespace, key.bytes());
    byte[] row = view.get(Table.INDEX, entry);
    return row == null
        ? Optional.empty()
        : Optional.of(
            IndexRow.decode(entry, new RowReader(row, rocks.name(Table.INDEX)), seal).listed(key));
  }

  @Override
  public Rows rows(NamespaceId namespace, Bytes from, Bytes end) {
    return new IndexRows(
        view.scan(Table.INDEX, KeySpace.entry(namespace, from), KeySpace.entry(namespace, end)));
  }

  /** Rows of the index. */
  private final class IndexRows implements Rows {
    private final Scan scan;
    private IndexRow.Head head = IndexRow.Head.NONE;

    IndexRows(Scan scan) {
      this.scan = scan;
    }

    @Override
    public boolean next() {
      boolean found = scan.next();
      if (found) {
        head = IndexRow.head(scan.reader(rocks.name(Table.INDEX)));
      }
      return found;
    }

    @Override
    public Bytes key() {
      return Bytes.adopt(scan.keyFrom(KeySpace.NAMESPACE_BYTES));
    }

    @Override
    public Expiry expiry() {
      return head.expiry();
    }

    @Override
    public long valueBytes() {
      return head.valueBytes();
    }

    @Override
    public Listed listed() {
      byte[] entry = scan.key();
      var key = new Key(key());
      // The reader is valid only until the next call of the scan.
      RowReader reader = scan.reader(rocks.name(Table.INDEX));
      return IndexRow.decode(entry, reader, seal).listed(key);
    }

    @Override
    public void close() {
      scan.close();
    }
  }

  @Override
  public Names expiring(Instant after, Instant upTo) {
    return new ExpiryNames(
        view.scan(
            Table.UPKEEP,
            Upkeep.EXPIRY.key(after.toEpochMilli() + 1),
            Upkeep.EXPIRY.key(upTo.toEpochMilli() + 1)));
  }

  /** Names in the order of their expiries. */
  private record ExpiryNames(Scan scan) implements Names {
    @Override
    public Optional<Name> next() {
      if (!scan.next()) {
        return Optional.empty();
      }
      byte[] row = scan.key();
      int start = ENTRY_OFFSET + KeySpace.NAMESPACE_BYTES;
      return Optional.of(
          new Name(
              KeySpace.readNamespace(row, ENTRY_OFFSET),
              new Key(Bytes.copyOf(row, start, row.length - start))));
    }

    @Override
    public void close() {
      scan.close();
    }
  }

  @Override
  public double part(NamespaceId namespace, Bytes key) {
    byte[] start = KeySpace.entry(namespace, Bytes.EMPTY);
    double whole = rocks.estimateBytes(Table.INDEX, start, KeySpace.endOfKeys(start));
    double before = rocks.estimateBytes(Table.INDEX, start, KeySpace.entry(namespace, key));
    return whole <= 0 ? 0 : Math.min(1, before / whole);
  }

  @Override
  public void close() {
    view.close();
    onClose.run();
  }
}
