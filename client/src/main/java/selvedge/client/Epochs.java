package selvedge.client;

import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import selvedge.model.Version;

/**
 * The epochs of the versions that a client has seen. Safe for use by many threads.
 *
 * <p>The versions of a new epoch are far above those of the epochs before it, so the newest version
 * that was seen of each epoch is enough.
 */
final class Epochs {
  private static final int KEPT = 16;

  /** Epochs by the newest version that was seen of each. */
  private final TreeMap<Long, Long> epochs = new TreeMap<>();

  /** Records that a version belongs to an epoch. */
  synchronized void seen(Version version, long epoch) {
    Map.Entry<Long, Long> newer = epochs.ceilingEntry(version.number());
    if (newer != null) {
      return;
    }
    Map.Entry<Long, Long> newest = epochs.lastEntry();
    if (newest != null && newest.getValue() == epoch) {
      epochs.remove(newest.getKey());
    }
    epochs.put(version.number(), epoch);
    if (epochs.size() > KEPT) {
      epochs.pollFirstEntry();
    }
  }

  /** Returns the epoch of a version that was seen; empty for one that is newer than all of them. */
  synchronized OptionalLong of(Version version) {
    Map.Entry<Long, Long> found = epochs.ceilingEntry(version.number());
    return found == null ? OptionalLong.empty() : OptionalLong.of(found.getValue());
  }

  /** Drops all versions after the last one that the servers still have. */
  synchronized void lost(Version agreed) {
    Map.Entry<Long, Long> cut = epochs.higherEntry(agreed.number());
    epochs.tailMap(agreed.number(), false).clear();
    if (cut != null && agreed.number() > 0) {
      epochs.put(agreed.number(), cut.getValue());
    }
  }
}
