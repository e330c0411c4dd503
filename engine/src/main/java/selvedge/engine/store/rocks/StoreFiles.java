package selvedge.engine.store.rocks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import selvedge.engine.files.CheckedFile;
import selvedge.engine.files.SyncedFiles;
import selvedge.engine.form.Form;
import selvedge.engine.store.journal.Seal;
import selvedge.model.StoreUnusableException;

/** The directory of a store, with its lock and its format. */
public final class StoreFiles implements AutoCloseable {
  private static final String FORMAT = "selvedge store " + Form.STORE.newest() + "\n";

  /** Differs only in the layout of the journal; both layouts are read. */
  private static final String OLD_FORMAT = "selvedge store " + Form.STORE.oldest() + "\n";

  /** Differs only in its rows, which may be encrypted. */
  private static final String ENCRYPTED_FORMAT =
      "selvedge store " + Form.STORE.newest() + " encrypted\n";

  private static final List<String> OWN = List.of("format", "lock", "format.new");

  /**
   * The directories that this process has open. The operating system drops the lock of a process on
   * a file when the process closes any channel of that file, so a second channel must not exist.
   */
  private static final Set<Path> OPEN = ConcurrentHashMap.newKeySet();

  private final Path directory;
  private final Path place;
  private final FileChannel channel;

  private StoreFiles(Path directory, Path place, FileChannel channel) {
    this.directory = directory;
    this.place = place;
    this.channel = channel;
  }

  public static StoreFiles open(Path directory) {
    try {
      SyncedFiles.createDirectories(directory);
      requireStoreOrNothing(directory);
      Path place = directory.toRealPath();
      if (!OPEN.add(place)) {
        throw inUse(directory, "by this process");
      }
      try {
        return open(directory, place);
      } catch (IOException | RuntimeException e) {
        OPEN.remove(place);
        throw e;
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot use " + directory, e);
    }
  }

  private static StoreFiles open(Path directory, Path place) throws IOException {
    FileChannel channel = SyncedFiles.openLock(directory.resolve("lock"));
    try {
      if (channel.tryLock() == null) {
        throw inUse(directory, "by another process: stop that one first");
      }
      var files = new StoreFiles(directory, place, channel);
      files.checkFormat();
      return files;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static StoreUnusableException inUse(Path directory, String user) {
    return new StoreUnusableException("the store in " + directory + " is in use " + user);
  }

  private static void requireStoreOrNothing(Path directory) throws IOException {
    if (Files.exists(directory.resolve("format"))) {
      return;
    }
    try (Stream<Path> files = Files.list(directory)) {
      List<Path> foreign =
          files.filter(each -> !OWN.contains(each.getFileName().toString())).toList();
      if (!foreign.isEmpty()) {
        throw new StoreUnusableException(
            directory
                + " is not a store: it holds "
                + foreign.getFirst().getFileName()
                + "; give an empty directory");
      }
    }
  }

  private void checkFormat() {
    var file = new CheckedFile(directory.resolve("format"));
    String format = file.read().orElse("");
    if (format.isEmpty()) {
      file.write(FORMAT);
      return;
    }
    if (!List.of(FORMAT, OLD_FORMAT, ENCRYPTED_FORMAT).contains(format)) {
      throw new StoreUnusableException(
          "the store in "
              + directory
              + " has the format \""
              + format.strip()
              + "\"; this version reads only \""
              + OLD_FORMAT.strip()
              + "\", \""
              + FORMAT.strip()
              + "\" and \""
              + ENCRYPTED_FORMAT.strip()
              + "\"");
    }
  }

  /**
   * Changes the old format to this format, before the first write that older programs cannot read.
   * It replaces one file, so a crash leaves either format.
   */
  void upgrade() {
    var file = new CheckedFile(directory.resolve("format"));
    if (file.read().equals(Optional.of(OLD_FORMAT))) {
      file.write(FORMAT);
    }
  }

  /** Returns whether rows of the store may be encrypted. */
  boolean isEncrypted() {
    return new CheckedFile(directory.resolve("format"))
        .read()
        .equals(Optional.of(ENCRYPTED_FORMAT));
  }

  /** Makes older programs refuse the store, before the first encrypted row is written. */
  void markEncrypted() {
    new CheckedFile(directory.resolve("format")).write(ENCRYPTED_FORMAT);
  }

  /** Returns the path of the file with the data keys. */
  Path dataKeys() {
    return directory.resolve("encryption");
  }

  public Path database() {
    return directory.resolve("db");
  }

  public Path journal() {
    return directory.resolve("journal");
  }

  /** Returns the file that records a damaged table. */
  public CheckedFile damaged() {
    return new CheckedFile(directory.resolve("damaged"));
  }

  /** Returns the path of the file that only occupies space. */
  Path reserve() {
    return directory.resolve("reserve");
  }

  public Path watermark() {
    return directory.resolve("watermark");
  }

  Seal seal() {
    return new Seal(directory, List.of(database(), journal()));
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot release " + directory, e);
    } finally {
      OPEN.remove(place);
    }
  }
}
