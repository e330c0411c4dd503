package selvedge.patterns;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import selvedge.model.Bytes;
import selvedge.model.Entry;
import selvedge.model.Key;
import selvedge.model.Listing;
import selvedge.model.Lookup;
import selvedge.model.Namespace;
import selvedge.model.Page;
import selvedge.model.ReadOptions;

/** Reads the entries with a prefix in the order of their keys, page by page. For one thread. */
final class Entries {
  private static final int KEYS_AT_ONCE = 100;

  private final Namespace namespace;
  private final Deque<Entry> read = new ArrayDeque<>();
  private Listing listing;
  private boolean complete;

  private Entries(Namespace namespace, String prefix, Bytes from) {
    this.namespace = namespace;
    this.listing = Listing.prefix(prefix, KEYS_AT_ONCE).from(from);
  }

  /**
   * Returns the entries whose keys have a prefix and are not before a key. They are read while the
   * stream is consumed; one that is deleted meanwhile is left out.
   */
  static Stream<Entry> stream(Namespace namespace, String prefix, Bytes from) {
    var entries = new Entries(namespace, prefix, from);
    return Stream.generate(entries::next).takeWhile(Optional::isPresent).map(Optional::orElseThrow);
  }

  private Optional<Entry> next() {
    while (read.isEmpty() && !complete) {
      Page page = namespace.list(listing);
      complete = page.complete();
      List<Key> keys = page.entries().stream().map(listed -> listed.key()).toList();
      for (Lookup lookup : namespace.getAll(keys, ReadOptions.PLAIN)) {
        lookup.find().ifPresent(read::add);
      }
      if (!complete) {
        listing = listing.after(keys.getLast());
      }
    }
    return Optional.ofNullable(read.pollFirst());
  }
}
