package selvedge.model;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Walks a listing page by page. Belongs to one thread. */
final class Pages implements Iterator<Listed> {
  static final int KEYS_AT_ONCE = 1000;

  private final Namespace namespace;
  private final Deque<Listed> page = new ArrayDeque<>();
  private Listing next;
  private boolean complete;

  private Pages(Namespace namespace, Listing next) {
    this.namespace = namespace;
    this.next = next;
  }

  static Stream<Listed> all(Namespace namespace, Listing listing) {
    int traits = Spliterator.ORDERED | Spliterator.DISTINCT | Spliterator.NONNULL;
    Iterator<Listed> pages = new Pages(namespace, listing);
    return StreamSupport.stream(Spliterators.spliteratorUnknownSize(pages, traits), false);
  }

  @Override
  public boolean hasNext() {
    if (page.isEmpty() && !complete) {
      Page found = namespace.list(next);
      page.addAll(found.entries());
      complete = found.complete();
      if (!complete) {
        next = next.after(found.lastKey());
      }
    }
    return !page.isEmpty();
  }

  @Override
  public Listed next() {
    if (!hasNext()) {
      throw new NoSuchElementException("the listing has no further key");
    }
    return page.removeFirst();
  }
}
