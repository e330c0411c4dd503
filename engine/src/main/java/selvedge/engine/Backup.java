package selvedge.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.function.BiPredicate;
import java.util.random.RandomGenerator;
import selvedge.engine.edge.EdgeFile;
import selvedge.engine.encryption.MasterKeys;
import selvedge.engine.files.SyncedFiles;
import selvedge.engine.replication.Descent;
import selvedge.engine.replication.NewLineage;
import selvedge.engine.store.rocks.RocksStore;
import selvedge.engine.store.rocks.StoreDirectory;
import selvedge.model.InvalidRequestException;
import selvedge.model.Limit;
import selvedge.model.Limits;
import selvedge.model.StoreDamagedException;

/**
 * Backups of a store: directories with a copy of the store as of one version, and a manifest.
 *
 * <p>Used by one thread at a time for a directory.
 */
public final class Backup {
  private static final String STORE = "store";
  private static final String OPENED = "opened";

  private final Limits limits;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final MasterKeys keys;

  /**
   * @param keys of encrypted stores
   */
  public Backup(Limits limits, InstantSource clock, RandomGenerator random, MasterKeys keys) {
    this.limits = limits;
    this.clock = clock;
    this.random = random;
    this.keys = keys;
  }

  /**
   * Writes a backup of a store, which may be in use, into a new directory. Deletes the directory if
   * this fails.
   *
   * @param source the directory of the store
   */
  public BackupManifest create(RocksStore store, Path source, Path backup) {
    if (Files.exists(backup)) {
      throw new InvalidRequestException(backup + " exists: a backup needs a new directory");
    }
    try {
      SyncedFiles.createDirectories(parent(backup));
      requireSpace(source, parent(backup));
      // A backup holds all values, so only its owner may read it.
      SyncedFiles.createPrivateDirectory(backup);
      return write(store, backup);
    } catch (IOException e) {
      SyncedFiles.deleteAll(backup);
      throw new UncheckedIOException("cannot write the backup " + backup, e);
    } catch (RuntimeException e) {
      SyncedFiles.deleteAll(backup);
      throw e;
    }
  }

  private static Path parent(Path backup) {
    return backup.toAbsolutePath().normalize().resolveSibling("");
  }

  /** Checks the disk. On the file system of the store, a backup shares the tables of the store. */
  private void requireSpace(Path source, Path parent) throws IOException {
    boolean shared = Files.getFileStore(source).equals(Files.getFileStore(parent));
    long needed =
        StoreDirectory.bytes(shared ? source.resolve("journal") : source)
            + limits.get(Limit.DISK_RESERVE_BYTES);
    long free = Files.getFileStore(parent).getUsableSpace();
    if (free < needed) {
      throw new IOException(
          "it needs " + needed + " bytes of disk, but only " + free + " are free");
    }
  }

  private BackupManifest write(RocksStore store, Path backup) throws IOException {
    store.copyTo(backup.resolve(STORE));
    Descent descent = open(backup.resolve(STORE));
    BackupManifest manifest =
        new BackupManifest(
            descent.cluster(),
            descent.epoch(),
            descent.latest(),
            clock.instant(),
            BackupManifest.sums(backup));
    SyncedFiles.syncDirectories(backup);
    manifest.write(backup);
    SyncedFiles.syncNames(parent(backup));
    return manifest;
  }

  /** Opens the store and closes it, which recovers and seals it. */
  private Descent open(Path directory) {
    try (RocksStore store = RocksStore.open(directory, limits, clock, random, keys)) {
      return Descent.of(store);
    }
  }

  /**
   * Compares each file of a backup with its sum, and opens the store in a directory beside it that
   * shares its files.
   *
   * @throws StoreDamagedException if the backup is damaged
   */
  public BackupManifest verify(Path backup) {
    try {
      Path opened = backup.resolve(OPENED);
      SyncedFiles.deleteAll(opened);
      BackupManifest manifest = BackupManifest.read(backup);
      manifest.requireWhole(backup);
      try {
        copy(manifest, backup, opened, Backup::isNeverWritten);
        requireSame(manifest, open(opened.resolve(STORE)), backup);
      } finally {
        SyncedFiles.deleteAll(opened);
      }
      return manifest;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot verify the backup " + backup, e);
    }
  }

  /** Returns whether a store never writes to the file again once it is complete. */
  private static boolean isNeverWritten(Path from, Path to) {
    String name = from.getFileName().toString();
    return name.endsWith(".sst") || name.endsWith(".blob") || name.endsWith(".journal");
  }

  /**
   * @param links whether a file may be linked instead of copied
   */
  private static void copy(
      BackupManifest manifest, Path backup, Path target, BiPredicate<Path, Path> links)
      throws IOException {
    for (BackupManifest.Sum each : manifest.files()) {
      Path from = backup.resolve(each.name());
      Path to = target.resolve(each.name());
      SyncedFiles.createDirectories(to.resolveSibling(""));
      if (!links.test(from, to) || !SyncedFiles.link(from, to)) {
        SyncedFiles.copy(from, to);
      }
    }
  }

  private static void requireSame(BackupManifest manifest, Descent store, Path backup) {
    if (!store.latest().equals(manifest.version())
        || !store.cluster().equals(manifest.cluster())
        || store.epoch() != manifest.epoch()) {
      throw new StoreDamagedException(
          "the store in "
              + backup
              + " is at version "
              + store.latest()
              + " of the cluster "
              + store.cluster()
              + ", and its manifest names version "
              + manifest.version()
              + " of the cluster "
              + manifest.cluster());
    }
  }

  /**
   * Restores a backup into a data directory without a store, and begins a new lineage of the same
   * cluster. After a crash before the end there is no store; the next restore deletes the rest.
   *
   * @return the descent with the new lineage
   */
  public Descent restore(Path backup, Path data) {
    var directory = new StoreDirectory(data);
    requireNoStore(directory, data);
    BackupManifest manifest = BackupManifest.read(backup);
    try {
      Path restoring = directory.restoring();
      SyncedFiles.createDirectories(data);
      SyncedFiles.deleteAll(restoring);
      copy(manifest, backup, restoring, (_, _) -> false);
      manifest.requireWhole(restoring);
      Descent restored;
      try (RocksStore store =
          RocksStore.open(restoring.resolve(STORE), limits, clock, random, keys)) {
        requireSame(manifest, Descent.of(store), backup);
        NewLineage.begin(store, clock.instant(), random);
        restored = Descent.of(store);
      }
      SyncedFiles.syncFiles(restoring);
      SyncedFiles.move(restoring.resolve(STORE), directory.store());
      SyncedFiles.deleteAll(restoring);
      return restored;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot restore " + backup + " to " + data, e);
    }
  }

  private static void requireNoStore(StoreDirectory directory, Path data) {
    if (Files.exists(directory.store())) {
      throw new InvalidRequestException(
          directory.store()
              + " exists, and a restore replaces no store: move it away, or give another"
              + " directory by --data");
    }
    if (directory.isLoading() || new EdgeFile(data).read().isPresent()) {
      throw new InvalidRequestException(
          data + " belongs to an edge: give another directory by --data");
    }
  }
}
