package selvedge.model;

import java.util.List;

/**
 * One screenful of a listing.
 *
 * @param complete whether no key follows the last one here; an incomplete page is never empty
 */
public record Page(List<Listed> entries, boolean complete) {

  public Page {
    entries = List.copyOf(entries);
  }

  /** The page as it is if only so many keys are wanted. */
  public Page first(int limit) {
    return entries.size() <= limit ? this : new Page(entries.subList(0, limit), false);
  }

  public Key lastKey() {
    return entries.getLast().key();
  }
}
