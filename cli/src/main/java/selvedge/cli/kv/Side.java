package selvedge.cli.kv;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import selvedge.model.Expiry;
import selvedge.model.Key;
import selvedge.model.Metadata;

/** A namespace that keys are copied from or to. Safe for use by many threads. */
interface Side extends AutoCloseable {

  /**
   * A key of a listing.
   *
   * @param bytes the size of its value, or -1 if the listing does not tell
   */
  record ListedKey(Key key, Metadata metadata, Expiry expiry, long bytes) {}

  /**
   * A page of a listing in byte order.
   *
   * @param next where the next page begins; null if there is none
   */
  record KeyPage(List<ListedKey> keys, @Nullable String next) {}

  /** A row that this side did not take, with the reason. */
  record Refusal(Key key, String reason) {}

  /** Returns the page at a position, which is null for the first. */
  KeyPage list(String prefix, @Nullable String position) throws IOException;

  /** Reads the entries of keys; empty for those that have none any more. */
  List<Optional<Row>> read(List<ListedKey> keys) throws IOException;

  /**
   * What became of some rows.
   *
   * @param rows how many were written; those that were kept as they were do not count
   */
  record Written(int rows, List<Refusal> refused) {}

  /** Writes the rows that it does not refuse. Writing a row again changes nothing. */
  Written write(List<Row> rows, Existing existing) throws IOException;

  /** Returns the number of keys with a prefix, or -1 if it cannot be had quickly. */
  long count(String prefix);

  /** Returns the largest number of keys for one read. */
  int readAtOnce();

  /** Returns the largest number of rows for one write. */
  int writeAtOnce();

  /** Returns whether an expiry has only whole seconds here. */
  boolean roundsExpiry();

  @Override
  void close();
}
