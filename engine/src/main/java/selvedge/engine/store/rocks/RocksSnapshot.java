package selvedge.engine.store.rocks;

import java.util.Arrays;
import java.util.Optional;
import selvedge.engine.store.Snapshot;
import selvedge.engine.store.row.EntryRow;
import selvedge.engine.store.row.KeySpace;
import selvedge.model.Bytes;
import selvedge.model.Entry;
import selvedge.model.Key;
import selvedge.model.NamespaceId;
import selvedge.model.Version;

/** A snapshot of the entries, from a view of the tables. */
final class RocksSnapshot implements Snapshot {
  private final Tables rocks;
  private final Chunks chunks;
  private final Tables.View view;
  private final Runnable onClose;
  private final Version version;
  private Scan scan;

  /**
   * @param onClose allows large values to be freed again
   */
  RocksSnapshot(Tables rocks, Chunks chunks, Runnable onClose) {
    this.rocks = rocks;
    this.chunks = chunks;
    this.onClose = onClose;
    this.view = rocks.view();
    this.version =
        Upkeep.latest(view.get(Table.UPKEEP, Upkeep.Fact.LATEST.key()), rocks.name(Table.UPKEEP))
            .version();
    this.scan = scan(new byte[0]);
  }

  private Scan scan(byte[] start) {
    byte[] last = new byte[KeySpace.NAMESPACE_BYTES + 1];
    Arrays.fill(last, (byte) 0xff);
    return view.scan(Table.ENTRIES, start, last);
  }

  @Override
  public void continueBehind(NamespaceId namespace, Key key) {
    byte[] entry = KeySpace.entry(namespace, key.bytes());
    scan.close();
    scan = scan(Arrays.copyOf(entry, entry.length + 1));
  }

  @Override
  public Version version() {
    return version;
  }

  @Override
  public Optional<Placed> next() {
    if (!scan.next()) {
      return Optional.empty();
    }
    byte[] row = scan.key();
    EntryRow entry = EntryRow.decode(scan.row(), row, chunks.seal(), rocks.name(Table.ENTRIES));
    int start = KeySpace.NAMESPACE_BYTES;
    return Optional.of(
        new Placed(
            KeySpace.readNamespace(row, 0),
            new Entry(
                new Key(Bytes.copyOf(row, start, row.length - start)),
                chunks.value(entry.value()),
                entry.metadata(),
                entry.expiry(),
                entry.version())));
  }

  @Override
  public void close() {
    scan.close();
    view.close();
    onClose.run();
  }
}
