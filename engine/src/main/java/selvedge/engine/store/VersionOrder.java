package selvedge.engine.store;

import java.util.List;
import selvedge.model.Change;
import selvedge.model.Version;

/** Checks that the versions of committed changes ascend. */
public final class VersionOrder {
  private VersionOrder() {}

  /** Throws if a version does not follow the one before it. */
  public static void require(Version latest, List<Change> changes) {
    Version last = latest;
    for (Change change : changes) {
      if (change.version().compareTo(last) <= 0) {
        throw new IllegalArgumentException(
            "version " + change.version() + " does not follow version " + last);
      }
      last = change.version();
    }
  }
}
