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

  public Key lastKey() {
    return entries.getLast().key();
  }
}
