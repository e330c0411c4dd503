package selvedge.server.site;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import selvedge.model.InvalidRequestException;

/** The directory of request bodies that must be complete before they are read. */
final class SpoolDirectory {
  private SpoolDirectory() {}

  /** Makes the directory, deletes the files that an earlier process left, and returns its path. */
  static Path prepare(Path data) {
    Path directory = data.resolve("spool");
    if (Files.isSymbolicLink(directory)) {
      throw new InvalidRequestException(
          directory
              + " is a symbolic link, and everything in a spool is deleted at the start: remove"
              + " the link");
    }
    try {
      Files.createDirectories(directory);
      try (Stream<Path> left = Files.list(directory)) {
        for (Path each : left.toList()) {
          Files.deleteIfExists(each);
        }
      }
      return directory;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot use " + directory, e);
    }
  }
}
