package selvedge.verification.disk;

import java.io.IOException;
import java.nio.file.Path;
import java.util.IdentityHashMap;
import java.util.Random;
import selvedge.engine.store.DiskFailures;
import selvedge.engine.work.Threads;

/**
 * A disk in memory. Contents are on the platters after a sync of the file, and names after a sync
 * of the directory. A power cut keeps some of the other changes, whole, in part or not at all.
 *
 * <p>Confined to one thread. A crash makes the current mount unusable; {@link #mount} gives the
 * next process another one.
 */
public final class SimulatedDisk {
  private static final int JOURNAL_FILE_BYTES = 64 << 10;
  private static final long ROOM = 1L << 40;

  final Random random;
  private Inode root = new Inode(true);
  private SimulatedFileSystem mounted;
  private long operations;
  private long fuse = Long.MAX_VALUE;
  private int failures;
  private boolean full;
  private boolean lying;

  public SimulatedDisk(Random random) {
    this.random = random;
    this.mounted = new SimulatedFileSystem(this, Threads.PLATFORM, JOURNAL_FILE_BYTES);
  }

  /**
   * Gives a new process the disk, and takes it from the last one.
   *
   * @param threads start the threads of the stores of that process
   */
  public SimulatedFileSystem mount(Threads threads) {
    mounted = new SimulatedFileSystem(this, threads, JOURNAL_FILE_BYTES);
    fuse = Long.MAX_VALUE;
    return mounted;
  }

  /** Loses what a power cut may lose. */
  public void cutPower() {
    root.cutPower(random);
  }

  /** Replaces what is on this disk by what is on another one. */
  public void restore(SimulatedDisk other) {
    root = other.root.copy(new IdentityHashMap<>());
  }

  /** Copies the disk. */
  public SimulatedDisk copy() {
    var copy = new SimulatedDisk(random);
    copy.restore(this);
    return copy;
  }

  /** Stops the machine at a later change of a file: before it or after it, as it comes. */
  public void burn(int changes) {
    fuse = operations + changes;
  }

  /** Makes the next changes of files fail as a bad disk does. */
  public void fail(int changes) {
    failures = changes;
  }

  /** Makes a disk that reports syncs which it does not make. */
  public void lie() {
    lying = true;
  }

  boolean lies() {
    return lying;
  }

  /** Makes a full disk, or one that has room again. */
  public void fill(boolean now) {
    full = now;
  }

  /** Flips a bit of a file, also on the platters. */
  public void flip(Path file) throws IOException {
    ((SimulatedFileSystem) file.getFileSystem()).flip(file);
  }

  /** Ends what goes wrong with the disk. */
  public void heal() {
    fuse = Long.MAX_VALUE;
    failures = 0;
    full = false;
  }

  /** Returns how often a file was changed. */
  public long operations() {
    return operations;
  }

  Inode root() {
    return root;
  }

  long usable() {
    return full ? 0 : ROOM;
  }

  interface Change {
    void make() throws IOException;
  }

  /**
   * Makes a change, unless the machine stops or the disk fails.
   *
   * @param operation the first word of its description
   * @param grows whether it takes room
   */
  void change(SimulatedFileSystem by, String operation, Path path, boolean grows, Change change)
      throws IOException {
    by.requireAlive();
    if (++operations >= fuse) {
      if (random.nextBoolean()) {
        change.make();
      }
      by.die();
      throw new PowerCut(operation + " " + path);
    }
    if (full && grows) {
      throw new IOException(DiskFailures.NO_SPACE);
    }
    change.make();
  }

  /** Returns whether a write or a sync fails now. */
  boolean fails() {
    return failures > 0 && failures-- > 0;
  }
}
