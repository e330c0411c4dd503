package selvedge.model;

import java.util.List;

/**
 * One page of a listing.
 *
 * @param entries the entries in unsigned byte order of their keys
 * @param complete whether no key follows; an incomplete page is never empty
 */
public record Page(List<Listed> entries, boolean complete) {

  /** Copies the entries. */
  public Page {
    entries = List.copyOf(entries);
  }

  /**
   * Returns the page that a smaller limit would have given.
   *
   * @param limit the greatest number of keys
   * @return this page, or one with its first keys
   */
  public Page first(int limit) {
    return entries.size() <= limit ? this : new Page(entries.subList(0, limit), false);
  }

  /**
   * Returns the last key, after which the next page starts.
   *
   * @return the last key
   * @throws java.util.NoSuchElementException if the page is empty
   */
  public Key lastKey() {
    return entries.getLast().key();
  }
}
