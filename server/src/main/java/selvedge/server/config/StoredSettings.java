package selvedge.server.config;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import selvedge.engine.files.SyncedFiles;

/**
 * The settings that an operator has changed while a server ran: a file in its data directory. They
 * rank below flags, variables and the file of settings. Used by one thread at a time.
 */
final class StoredSettings {
  private static final String NAME = "settings";

  private final Path file;

  StoredSettings(Path data) {
    this.file = data.resolve(NAME);
  }

  /** Returns the settings; none if the file is missing. */
  List<Setting> read() {
    return Files.exists(file) ? Config.file(file) : List.of();
  }

  /** Stores a value, or deletes it. Returns once the file is on disk. */
  void write(String key, Optional<String> value) {
    List<String> lines =
        Stream.concat(
                read().stream().filter(each -> !each.key().equals(key)).map(StoredSettings::line),
                value.stream().map(text -> key + " = " + text))
            .sorted()
            .toList();
    try {
      SyncedFiles.write(file, lines);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }

  private static String line(Setting setting) {
    return setting.key() + " = " + setting.value();
  }
}
