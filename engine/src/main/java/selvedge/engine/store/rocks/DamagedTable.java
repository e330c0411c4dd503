package selvedge.engine.store.rocks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.rocksdb.Options;
import org.rocksdb.RocksDBException;
import org.rocksdb.SstFileReader;
import selvedge.engine.files.CheckedFile;
import selvedge.model.StoreDamagedException;

/**
 * The note that a file of the database is damaged, kept across openings.
 *
 * <p>A read or a merge finds it. RocksDB refuses writes after a merge has read such a file. With
 * the note, the store is opened without merging: it reads what is undamaged, and accepts writes.
 * Safe for use by many threads.
 */
public final class DamagedTable {
  private static final Pattern FILE = Pattern.compile("[0-9]{6,}\\.(sst|blob)");

  private final CheckedFile file;
  private final Path database;
  private final AtomicReference<@Nullable String> noted = new AtomicReference<>();

  /** Reads the note, if there is one and the file is still damaged. */
  public DamagedTable(CheckedFile file, Path database) {
    this.file = file;
    this.database = database;
    Optional<String> before = file.read().map(String::strip);
    before.ifPresent(noted::set);
    if (before.filter(this::isMended).isPresent()) {
      forget();
    }
  }

  private boolean isMended(String damage) {
    Optional<Path> table = named(damage);
    return table.isEmpty() || !Files.exists(table.get()) || isWhole(table.get());
  }

  private Optional<Path> named(String damage) {
    Matcher matcher = FILE.matcher(damage);
    return matcher.find() ? Optional.of(database.resolve(matcher.group())) : Optional.empty();
  }

  private static boolean isWhole(Path table) {
    if (!table.toString().endsWith(".sst")) {
      return false;
    }
    try (var options = new Options();
        var reader = new SstFileReader(options)) {
      reader.open(table.toString());
      reader.verifyChecksum();
      return true;
    } catch (RocksDBException _) {
      return false;
    }
  }

  /** Stores the damage if its message names an existing file, and returns whether it does. */
  boolean note(StoreDamagedException damage) {
    return note(damage, "");
  }

  /**
   * As {@link #note(StoreDamagedException)}.
   *
   * @param keys describes the keys that the file has; may be empty
   */
  boolean note(StoreDamagedException damage, String keys) {
    String text = (damage.getMessage() + keys).replace('\n', ' ');
    if (!named(text).filter(Files::exists).isPresent()) {
      return false;
    }
    if (noted.compareAndSet(null, text)) {
      try {
        file.write(text + "\n");
      } catch (RuntimeException _) {
        // The next opening finds the damage again.
      }
    }
    return true;
  }

  void forget() {
    noted.set(null);
    file.delete();
  }

  /** Returns a description of the damage for an operator. */
  Optional<String> damage() {
    return Optional.ofNullable(noted.get());
  }
}
