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
 * The stores in a data directory: the one in use, and the one that is filled beside it. Used by one
 * thread at a time.
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

  /** Opens the store that was filled and is not in use yet. */
  public RocksStore openLoaded(Limits limits, InstantSource clock, RandomGenerator random) {
    return RocksStore.open(loading(), limits, clock, random, keys);
  }

  /** The store in use. */
  public Path store() {
    return data.resolve("store");
  }

  /** A snapshot that was cut off is never used, but continued. */
  public Path loading() {
    return data.resolve("store.loading");
  }

  /** Holds a backup while it is restored. */
  public Path restoring() {
    return data.resolve("store.restoring");
  }

  /** Whether a restore of a backup did not come to its end. */
  public boolean isRestoring() {
    return Files.exists(restoring()) && !Files.exists(store());
  }

  /** Whether a store has been begun to be filled. */
  public boolean isLoading() {
    return Files.exists(loading());
  }

  /** Opens the store that is being filled: one that was begun before, if it can be continued. */
  public RocksStore openLoading(Limits limits, InstantSource clock, RandomGenerator random) {
    try {
      SyncedFiles.createDirectories(data);
      RocksStore store = openLoaded(limits, clock, random);
      if (store.latest().equals(Version.NONE)) {
        return store;
      }
      store.close();
    } catch (StoreDamagedException e) {
      // What has come so far can be had once more.
    } catch (IOException e) {
      throw new UncheckedIOException("cannot use " + data, e);
    }
    forget();
    return openLoaded(limits, clock, random);
  }

  /** Throws away what has been filled so far. */
  public void forget() {
    SyncedFiles.deleteAll(loading());
  }

  /**
   * Puts the new store in the place of the old one, which nobody has open and whose changes are all
   * in the new one.
   */
  public void install() {
    replace(old());
    SyncedFiles.deleteAll(old());
  }

  /**
   * Puts the new store in the place of the old one, which nobody has open and which has changes
   * that the new one lacks. The old one is kept until an operator deletes it.
   *
   * @param agreed the last version up to which both have the same changes
   * @param latest the newest version of the old one
   * @return where the old one is
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
   * Puts a store back that was moved away by a process which was killed before the new one was in
   * its place.
   */
  public void recover() {
    if (Files.exists(store()) || !isLoading()) {
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

  /** The names of the stores that are kept because they have changes that no other one has. */
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

  /** How many bytes the store in use takes. */
  public long storeBytes() {
    return bytes(store());
  }

  /** How many bytes the files below a directory have; one that is deleted meanwhile has none. */
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
