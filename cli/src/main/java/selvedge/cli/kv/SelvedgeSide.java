package selvedge.cli.kv;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import selvedge.model.Bytes;
import selvedge.model.InvalidKeyException;
import selvedge.model.InvalidRequestException;
import selvedge.model.Key;
import selvedge.model.LimitExceededException;
import selvedge.model.Listed;
import selvedge.model.Listing;
import selvedge.model.Lookup;
import selvedge.model.Mutation;
import selvedge.model.Namespace;
import selvedge.model.Page;
import selvedge.model.ReadOptions;
import selvedge.model.SelvedgeException;
import selvedge.model.WriteOptions;

/** A namespace of a Selvedge server, over the native protocol. */
final class SelvedgeSide implements Side {
  private static final int PAGE = 1000;
  private static final int ROWS_AT_ONCE = 250;

  /** The least limit of a value that is written together with others. */
  private static final int TOGETHER_BYTES_MAX = 16_384;

  private final Namespace namespace;
  private final String name;

  SelvedgeSide(Namespace namespace, String name) {
    this.namespace = namespace;
    this.name = name;
  }

  @Override
  public KeyPage list(String prefix, @Nullable String position) {
    Listing listing = Listing.prefix(prefix, PAGE);
    Page page = namespace.list(position == null ? listing : listing.after(Key.of(position)));
    List<ListedKey> keys = page.entries().stream().map(SelvedgeSide::item).toList();
    return new KeyPage(keys, page.complete() ? null : page.lastKey().name());
  }

  private static ListedKey item(Listed listed) {
    return new ListedKey(listed.key(), listed.metadata(), listed.expiry(), listed.valueBytes());
  }

  @Override
  public List<Optional<Row>> read(List<ListedKey> keys) {
    List<Key> names = keys.stream().map(ListedKey::key).toList();
    return namespace.getAll(names, ReadOptions.PLAIN).stream()
        .map(Lookup::find)
        .map(found -> found.map(Row::of))
        .toList();
  }

  @Override
  public Written write(List<Row> rows, Existing existing) {
    List<Refusal> refused = new ArrayList<>();
    int written =
        existing == Existing.keep
            ? writeAlone(rows, WriteOptions.PLAIN.ifAbsent(), refused)
            : replace(rows, refused);
    return new Written(written, refused);
  }

  private int replace(List<Row> rows, List<Refusal> refused) {
    List<Mutation> together = new ArrayList<>();
    List<Row> small = new ArrayList<>();
    List<Row> large = new ArrayList<>();
    for (Row row : rows) {
      if (row.value().size() > TOGETHER_BYTES_MAX) {
        large.add(row);
      } else {
        together.add(row.mutation());
        small.add(row);
      }
    }
    int written = writeAlone(large, WriteOptions.PLAIN, refused);
    try {
      namespace.write(together);
      return written + small.size();
    } catch (InvalidRequestException | LimitExceededException | InvalidKeyException e) {
      // One of them is at fault, and its message does not always say which.
      return written + writeAlone(small, WriteOptions.PLAIN, refused);
    }
  }

  private int writeAlone(List<Row> rows, WriteOptions options, List<Refusal> refused) {
    int written = 0;
    for (Row row : rows) {
      written += put(row, options.metadata(row.metadata()).expiry(row.expiry()), refused) ? 1 : 0;
    }
    return written;
  }

  private boolean put(Row row, WriteOptions options, List<Refusal> refused) {
    try {
      return namespace.put(row.key(), row.value(), options).isAccepted();
    } catch (InvalidRequestException | LimitExceededException | InvalidKeyException e) {
      refused.add(new Refusal(row.key(), String.valueOf(e.getMessage())));
      return false;
    }
  }

  @Override
  public long count(String prefix) {
    try {
      return namespace.count(Bytes.utf8(prefix));
    } catch (SelvedgeException e) {
      return -1;
    }
  }

  @Override
  public int readAtOnce() {
    return ROWS_AT_ONCE;
  }

  @Override
  public int writeAtOnce() {
    return ROWS_AT_ONCE;
  }

  @Override
  public boolean roundsExpiry() {
    return false;
  }

  @Override
  public void close() {}

  @Override
  public String toString() {
    return name;
  }
}
