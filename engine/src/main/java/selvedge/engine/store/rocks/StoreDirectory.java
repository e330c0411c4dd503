package selvedge.engine.store.rocks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import selvedge.engine.encryption.MasterKeys;
import selvedge.engine.files.SyncedFiles;
import selvedge.model.Limits;
import selvedge.model.StoreDamagedException;
import selvedge.model.Version;

/**
 * The stores in a data directory: the one in use, and the one that is loaded beside it. Confined to
 * one thread at a time.
 */
public final class StoreDirectory {
  private static final String UNSEEN = "store.unseen-";

  private final Path data;
  private final MasterKeys keys;

  /** Describes a directory whose stores are not encrypted, or are not opened. */
  public StoreDirectory(Path data) {
    this(data, MasterKeys.NONE);
  }

  /**
   * @param keys of encrypted stores
   */
  public StoreDirectory(Path data, MasterKeys keys) {
    this.data = data;
    this.keys = keys;
  }

  /** Opens the store in use. */
  public RocksStore open(Limits limits, InstantSource clock, RandomGenerator random) {
    return RocksStore.open(store(), limits, clock, random, keys);
  }

  /** Opens the store that was loaded and is not in use yet. */
  public RocksStore openLoaded(Limits limits, InstantSource clock, RandomGenerator random) {
    return RocksStore.open(loading(), limits, clock, random, keys);
  }

  /** Returns the path of the store in use. */
  public Path store() {
    return data.resolve("store");
  }

  /** Returns the path of the store that is loaded. An interrupted load is continued. */
  public Path loading() {
    return data.resolve("store.loading");
  }

  /** Returns the path of a backup that is restored. */
  public Path restoring() {
    return data.resolve("store.restoring");
  }

  /** Returns whether a restore of a backup was interrupted. */
  public boolean isRestoring() {
    return Files.exists(restoring()) && !Files.exists(store());
  }

  /** Returns whether the loading of a store was started. */
  public boolean isLoading() {
    return Files.exists(loading());
  }

  /** Opens the store that is loaded, and continues an interrupted load if that is possible. */
  public RocksStore openLoading(Limits limits, InstantSource clock, RandomGenerator random) {
    try {
      SyncedFiles.createDirectories(data);
      RocksStore store = openLoaded(limits, clock, random);
      if (store.latest().equals(Version.NONE)) {
        return store;
      }
      store.close();
    } catch (StoreDamagedException e) {
      // The snapshot can be loaded again.
    } catch (IOException e) {
      throw new UncheckedIOException("cannot use " + data, e);
    }
    forget();
    return openLoaded(limits, clock, random);
  }

  /** Deletes the store that is loaded. After a crash, all of it is there or nothing. */
  public void forget() {
    SyncedFiles.deleteAll(deleted());
    try {
      if (isLoading()) {
        SyncedFiles.move(loading(), deleted());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete " + loading(), e);
    }
    SyncedFiles.deleteAll(deleted());
  }

  private Path deleted() {
    return data.resolve("store.deleted");
  }

  /**
   * Replaces the store in use by the loaded one, which has all its changes. Neither may be open.
   */
  public void install() {
    replace(old());
    SyncedFiles.deleteAll(old());
  }

  /**
   * Replaces the store in use by the loaded one, which lacks some of its changes. Neither may be
   * open. The replaced store is kept until an operator deletes it.
   *
   * @param agreed the last version up to which both have the same changes
   * @param latest the newest version of the old one
   * @return the path of the replaced store
   */
  public Path installBeside(Version agreed, Version latest) {
    Path unseen = data.resolve(UNSEEN + agreed + "-" + latest);
    for (int i = 2; Files.exists(unseen); i++) {
      unseen = data.resolve(UNSEEN + agreed + "-" + latest + "-" + i);
    }
    replace(unseen);
    return unseen;
  }

  private void replace(Path place) {
    try {
      SyncedFiles.deleteAll(old());
      if (Files.exists(store())) {
        SyncedFiles.move(store(), place);
      }
      SyncedFiles.move(loading(), store());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot use " + loading(), e);
    }
  }

  private Path old() {
    return data.resolve("store.old");
  }

  /**
   * Moves a store back if a process was killed after it moved the store away and before it
   * installed the new one. Deletes what a killed process was about to delete.
   */
  public void recover() {
    SyncedFiles.deleteAll(deleted());
    if (Files.exists(store())) {
      SyncedFiles.deleteAll(old());
      return;
    }
    if (!isLoading()) {
      return;
    }
    Path left = Files.exists(old()) ? old() : newestUnseen();
    try {
      if (left != null) {
        SyncedFiles.move(left, store());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot use " + left, e);
    }
  }

  /**
   * As {@link #recover}, for an origin. One that was an edge may have been loading a snapshot when
   * it was promoted, which is deleted.
   */
  public void recoverOrigin() {
    recover();
    if (Files.exists(store())) {
      forget();
    }
  }

  private @Nullable Path newestUnseen() {
    return unseen().stream()
        .map(data::resolve)
        .max(Comparator.comparing(StoreDirectory::changedAt))
        .orElse(null);
  }

  private static FileTime changedAt(Path file) {
    try {
      return Files.getLastModifiedTime(file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot use " + file, e);
    }
  }

  /** Returns the names of the stores that are kept because of changes that no other store has. */
  public List<String> unseen() {
    if (!Files.exists(data)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(data)) {
      return all.map(each -> String.valueOf(each.getFileName()))
          .filter(name -> name.startsWith(UNSEEN))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot use " + data, e);
    }
  }

  /** Returns the size of the store in use. */
  public long storeBytes() {
    return bytes(store());
  }

  /** Returns the size of the files below a directory. A file that is deleted meanwhile counts 0. */
  public static long bytes(Path directory) {
    var visitor =
        new SimpleFileVisitor<Path>() {
          private long bytes;

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            bytes += attributes.isRegularFile() ? attributes.size() : 0;
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) {
            return FileVisitResult.CONTINUE;
          }
        };
    try {
      Files.walkFileTree(directory, visitor);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot use " + directory, e);
    }
    return visitor.bytes;
  }
}
