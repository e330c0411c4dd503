package selvedge.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Restricts a data directory to its owner: mode 0700 for directories, 0600 for files.
 *
 * <p>A file of another user, for example a mounted directory, keeps its mode and is logged.
 */
public final class PrivateDirectory {
  private static final Logger LOG = LoggerFactory.getLogger(PrivateDirectory.class);
  private static final Set<PosixFilePermission> OTHERS =
      PosixFilePermissions.fromString("---rwxrwx");

  private PrivateDirectory() {}

  /** Creates the directory if it is missing, and removes the access of other users to all of it. */
  public static void close(Path directory) {
    try {
      Files.createDirectories(directory);
      if (!Files.getFileStore(directory).supportsFileAttributeView("posix")) {
        return;
      }
      closeAll(directory, owner(directory));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot restrict access to " + directory, e);
    }
  }

  /**
   * Removes the access of other users to the files of one user.
   *
   * @param own the user whose files are changed
   */
  static void closeAll(Path directory, Object own) throws IOException {
    try (Stream<Path> all = Files.walk(directory.toRealPath())) {
      for (Path file : (Iterable<Path>) all::iterator) {
        close(file, own);
      }
    }
  }

  /** Returns the user of this process: the owner of a file that it creates. */
  private static Object owner(Path directory) throws IOException {
    Path probe = Files.createTempFile(directory, "owner", ".tmp");
    try {
      return Files.getAttribute(probe, "unix:uid");
    } finally {
      Files.delete(probe);
    }
  }

  private static void close(Path file, Object own) throws IOException {
    try {
      Set<PosixFilePermission> mode =
          new HashSet<>(Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS));
      if (Files.isSymbolicLink(file) || !mode.removeAll(OTHERS)) {
        return;
      }
      if (own.equals(Files.getAttribute(file, "unix:uid"))) {
        Files.setPosixFilePermissions(file, mode);
      } else {
        LOG.warn(
            "{} belongs to another user and is accessible to others: set its mode to 0700", file);
      }
    } catch (NoSuchFileException e) {
      LOG.debug("{} was deleted meanwhile", file);
    }
  }
}
