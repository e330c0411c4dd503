package selvedge.client;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import selvedge.model.Version;

/**
 * The epochs of the versions that a client has seen. Safe for use by many threads.
 *
 * <p>The versions of a new epoch are far above those of the epochs before it, so the oldest and the
 * newest version that were seen of each epoch are enough.
 */
final class Epochs {
  private static final int KEPT = 16;

  /** In the order of their newest versions. */
  private final List<Known> known = new ArrayList<>();

  /** An epoch, with the versions that were seen of it. */
  private static final class Known {
    private final long epoch;
    private long oldest;
    private long newest;

    /** The servers have its versions up to this one. */
    private long confirmed;

    private boolean refused;

    private Known(long epoch, long version) {
      this.epoch = epoch;
      this.oldest = version;
      this.newest = version;
    }

    private void seen(long version) {
      oldest = Math.min(oldest, version);
      newest = Math.max(newest, version);
    }

    /**
     * Returns whether to name the epoch for a version. One before the oldest may be of an earlier
     * epoch, which matters if the servers do not know this one.
     */
    private boolean isOf(long version) {
      return version <= newest && !(refused && version < oldest);
    }
  }

  /** Records that a version belongs to an epoch. */
  synchronized void seen(Version version, long epoch) {
    if (!known.isEmpty() && known.getLast().epoch == epoch) {
      known.getLast().seen(version.number());
      return;
    }
    known.stream()
        .filter(each -> each.epoch == epoch)
        .findFirst()
        .ifPresentOrElse(
            each -> each.seen(version.number()),
            () -> known.add(new Known(epoch, version.number())));
    known.sort(Comparator.comparingLong(each -> each.newest));
    if (known.size() > KEPT) {
      known.removeFirst();
    }
  }

  /**
   * Returns the epoch of a version that was seen; empty for one that is newer than all of them, and
   * if there is no version.
   */
  synchronized OptionalLong of(Version version) {
    return find(version).stream().mapToLong(each -> each.epoch).findFirst();
  }

  /**
   * Returns whether a version may have been lost: newer versions are of another epoch, and no
   * server has confirmed since then that it has this one.
   */
  synchronized boolean isDoubtful(Version version) {
    return find(version)
        .filter(each -> each != known.getLast() && version.number() > each.confirmed)
        .isPresent();
  }

  /** Records that the servers have a version. */
  synchronized void confirm(Version version) {
    find(version).ifPresent(each -> each.confirmed = Math.max(each.confirmed, version.number()));
  }

  private Optional<Known> find(Version version) {
    return version.equals(Version.NONE)
        ? Optional.empty()
        : known.stream().filter(each -> each.isOf(version.number())).findFirst();
  }

  /** Records that the servers have no version of an epoch. */
  synchronized void refused(long epoch) {
    known.stream().filter(each -> each.epoch == epoch).forEach(each -> each.refused = true);
  }
}
