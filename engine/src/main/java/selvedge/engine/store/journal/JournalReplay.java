package selvedge.engine.store.journal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import selvedge.engine.store.row.JournalRow;
import selvedge.model.StoreDamagedException;
import selvedge.model.Version;

/**
 * Reads the changes that a crash has left in the journal only, and distinguishes a torn tail from
 * damage.
 *
 * <p>A change that was never durable may be missing: the file ends there. A change must be present
 * if the watermark, a later batch or a later file proves that it was durable. Confined to one
 * thread.
 */
public final class JournalReplay {
  private final Version version;
  private final Version acknowledged;
  private final Taker taker;

  /** Writes commits into the tables. */
  public interface Taker {

    /** Takes a commit, and returns false if the tables lack what it refers to. */
    boolean take(List<JournalRow> commit);

    /** Describes what the tables lack, for an operator. */
    String lacking();
  }

  /**
   * @param version that the tables have
   * @param acknowledged the newest version that is known to have been acknowledged
   */
  public JournalReplay(Version version, Version acknowledged, Taker taker) {
    this.version = version;
    this.acknowledged = acknowledged;
    this.taker = taker;
  }

  /**
   * Takes the commits of a file.
   *
   * @param until the version that the next file begins with, null for the last file
   */
  void run(JournalFile file, @Nullable Version until) throws IOException {
    try (JournalScan scan = file.scan(version)) {
      Version reached = scan.end();
      List<JournalRow> commit = new ArrayList<>();
      while (until == null || reached.compareTo(until) < 0) {
        long place = scan.position();
        if (!scan.next()) {
          JournalFile.Gap gap = scan.skip(version);
          if (!isInTables(gap)) {
            requireTorn(scan, reached, until, scan.damage(place));
            noteMissing(file, reached, place);
            return;
          }
          file.note(gap);
          reached = scan.end();
          continue;
        }
        commit.addAll(scan.rows(version));
        if (!scan.isPart()) {
          if (!commit.isEmpty() && !taker.take(commit)) {
            requireTorn(scan, reached, until, taker.lacking());
            return;
          }
          commit = new ArrayList<>();
          reached = scan.end();
        }
      }
    }
  }

  /** Damage to changes that the tables have concerns only readers of the feed. */
  private boolean isInTables(JournalFile.Gap gap) {
    return gap.resumed() >= 0 && gap.until().compareTo(version) <= 0;
  }

  /** Notes the changes that the tables have and the end of the journal lacks. */
  private void noteMissing(JournalFile file, Version reached, long place) {
    if (reached.compareTo(version) < 0) {
      file.note(new JournalFile.Gap(reached, version, place, -1));
    }
  }

  /** Throws if a change is missing that is proven to have been durable. */
  private void requireTorn(
      JournalScan scan, Version reached, @Nullable Version until, String damage)
      throws IOException {
    Version there = later(reached, version);
    Version proven = later(later(acknowledged, scan.proof()), until);
    if (there.compareTo(proven) < 0) {
      throw new StoreDamagedException(
          damage + "; changes " + there.next() + " to " + proven + " are missing");
    }
  }

  private static Version later(Version one, @Nullable Version other) {
    return other != null && one.compareTo(other) < 0 ? other : one;
  }
}
