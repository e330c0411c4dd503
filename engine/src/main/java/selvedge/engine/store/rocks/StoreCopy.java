package selvedge.engine.store.rocks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import selvedge.engine.files.SyncedFiles;
import selvedge.engine.store.journal.Journal;
import selvedge.engine.store.journal.JournalFile;
import selvedge.engine.store.journal.Watermark;
import selvedge.engine.store.row.FeedPoint;
import selvedge.model.StoreDamagedException;
import selvedge.model.Version;

/**
 * Copies a store that is in use into a directory of its own.
 *
 * <p>The tables come from a checkpoint of RocksDB, which moves them to files first. The newest
 * version in it is the version of the copy, and the journal is copied up to the end of that
 * version. Used by one thread, while nothing is freed in the store.
 */
public final class StoreCopy {
  private final Tables rocks;
  private final Journal journal;
  private final Optional<Path> dataKeys;
  private final long blockCacheBytes;

  /**
   * @param dataKeys the file with the data keys of an encrypted store
   */
  public StoreCopy(Tables rocks, Journal journal, Optional<Path> dataKeys, long blockCacheBytes) {
    this.rocks = rocks;
    this.journal = journal;
    this.dataKeys = dataKeys;
    this.blockCacheBytes = blockCacheBytes;
  }

  /** Writes the copy into a directory that does not exist or is empty. */
  public void write(Path directory) {
    try (StoreFiles files = StoreFiles.open(directory)) {
      rocks.checkpoint(files.database());
      Version last = check(files);
      copyJournal(files.journal(), last);
      copyDataKeys(files);
      try (var watermark = new Watermark(files.watermark(), Platform.of(directory).threads())) {
        watermark.write(last);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write a copy of the store to " + directory, e);
    }
  }

  /** Reads every block of the tables, and returns their newest version. */
  private Version check(StoreFiles files) {
    var damaged = new DamagedTable(files.damaged(), files.database());
    Tables.Opener opener = Platform.of(files.database()).tables();
    try (Tables copy = opener.open(files.database(), false, damaged, blockCacheBytes)) {
      copy.verifyChecksums();
      byte[] latest = copy.get(Table.UPKEEP, Upkeep.Fact.LATEST.key());
      if (latest == null) {
        throw new StoreDamagedException(
            "the checkpoint in " + files.database() + " has no version");
      }
      return FeedPoint.decode(latest, copy.name(Table.UPKEEP)).version();
    }
  }

  /** A journal that is damaged before the version is left out: then the copy has no feed. */
  private void copyJournal(Path target, Version last) throws IOException {
    List<JournalFile> all = journal.files();
    Map<Path, Long> sizes = new LinkedHashMap<>();
    for (int i = 0; i < all.size() && all.get(i).after().compareTo(last) < 0; i++) {
      Version next = i + 1 < all.size() ? all.get(i + 1).after() : null;
      Optional<Long> end = all.get(i).end(last, next);
      if (end.isEmpty()) {
        return;
      }
      sizes.put(all.get(i).path(), end.get());
    }
    SyncedFiles.createDirectories(target);
    for (Map.Entry<Path, Long> each : sizes.entrySet()) {
      Path from = each.getKey();
      SyncedFiles.copyStart(from, target.resolve(from.getFileName()), each.getValue());
    }
  }

  /** Copied last, the file has every key that a copied row needs. */
  private void copyDataKeys(StoreFiles target) throws IOException {
    if (dataKeys.isPresent()) {
      SyncedFiles.copy(dataKeys.get(), target.dataKeys());
      target.markEncrypted();
    }
  }
}
