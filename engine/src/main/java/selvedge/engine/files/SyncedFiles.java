package selvedge.engine.files;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The operations that change files and directories. Stateless.
 *
 * <p>After a power cut, a file has the contents that were synced, and a directory has the names
 * that were synced: a rename alone is not durable. Each method says which of the two it syncs.
 */
public final class SyncedFiles {
  private static final int BLOCK_BYTES = 1 << 20;

  private SyncedFiles() {}

  /**
   * Creates a directory and its missing parents, and returns once their names are on disk. The name
   * of an existing directory is synced, too: the process that created it may have crashed before.
   */
  public static void createDirectories(Path directory) throws IOException {
    Path parent = directory.toAbsolutePath().normalize().getParent();
    if (Files.isDirectory(directory)) {
      syncExisting(parent);
      return;
    }
    if (parent != null) {
      createDirectories(parent);
    }
    try {
      Files.createDirectory(directory);
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(directory)) {
        throw e;
      }
    }
    if (parent != null) {
      syncNames(parent);
    }
  }

  private static void syncExisting(@Nullable Path parent) throws IOException {
    if (parent != null) {
      try {
        syncNames(parent);
      } catch (AccessDeniedException _) {
        // This user cannot have created the directory there.
      }
    }
  }

  /**
   * Creates a directory that only its owner may read, where the file system has permissions. Syncs
   * nothing.
   */
  public static void createPrivateDirectory(Path directory) throws IOException {
    if (directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.createDirectory(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } else {
      Files.createDirectory(directory);
    }
  }

  /** Replaces a text file atomically. Returns once it is on disk under its name. */
  public static void write(Path file, List<String> lines) throws IOException {
    replace(file, (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /** Replaces a file atomically. Returns once it is on disk under its name. */
  public static void replace(Path file, byte[] bytes) throws IOException {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    try (FileChannel channel =
        FileChannel.open(
            fresh,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer rest = ByteBuffer.wrap(bytes);
      while (rest.hasRemaining()) {
        channel.write(rest);
      }
      channel.force(true);
    }
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    syncNames(file.resolveSibling("."));
  }

  /** Opens a file to read at positions. */
  public static FileChannel openToRead(Path file) throws IOException {
    return FileChannel.open(file, StandardOpenOption.READ);
  }

  /** Opens the file of a lock, and creates it if it does not exist. Syncs nothing. */
  public static FileChannel openLock(Path file) throws IOException {
    return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
  }

  /** Renames a file or a directory. Returns once both names are on disk. */
  public static void move(Path from, Path to) throws IOException {
    rename(from, to);
    syncNames(to.resolveSibling("."));
    if (!parent(from).equals(parent(to))) {
      syncNames(from.resolveSibling("."));
    }
  }

  private static Path parent(Path file) {
    return file.toAbsolutePath().normalize().resolveSibling("");
  }

  /** Renames a file or a directory. Syncs nothing. */
  public static void rename(Path from, Path to) throws IOException {
    Files.move(from, to);
  }

  /**
   * Deletes a file if it exists, and returns whether it did. Syncs nothing: after a power cut the
   * file may be there again.
   */
  public static boolean delete(Path file) throws IOException {
    return Files.deleteIfExists(file);
  }

  /** Writes a file of zeros, which occupies its space. Returns once it is on disk. */
  public static void allocate(Path file, long bytes) throws IOException {
    ByteBuffer zeros = ByteBuffer.allocate(BLOCK_BYTES);
    try (InterruptSafeFile out = InterruptSafeFile.open(file)) {
      for (long end = 0; end < bytes; end += zeros.capacity()) {
        zeros.limit((int) Math.min(zeros.capacity(), bytes - end));
        out.write(zeros, end);
      }
      out.sync();
    }
    syncNames(file.resolveSibling("."));
  }

  /** Copies a file to a path that does not exist. Syncs nothing. */
  public static void copy(Path from, Path to) throws IOException {
    copyStart(from, to, Files.size(from));
  }

  /** Copies the first bytes of a file to a path that does not exist. Syncs nothing. */
  public static void copyStart(Path from, Path to, long bytes) throws IOException {
    try (FileChannel source = openToRead(from);
        FileChannel sink =
            FileChannel.open(to, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      for (long position = 0; position < bytes; ) {
        long copied = source.transferTo(position, bytes - position, sink);
        if (copied <= 0) {
          throw new IOException(from + " is shorter than before");
        }
        position += copied;
      }
    }
  }

  /**
   * Gives a file a second name, and returns false where the file system has no such names. Syncs
   * nothing.
   */
  public static boolean link(Path from, Path to) {
    try {
      Files.createLink(to, from);
      return true;
    } catch (IOException | UnsupportedOperationException _) {
      return false;
    }
  }

  /** Syncs the names in a directory, also when the calling thread is interrupted. */
  public static void syncNames(Path directory) throws IOException {
    InterruptSafeFile.syncNames(directory);
  }

  /** Syncs the contents of all files below a directory, and their names. */
  public static void syncFiles(Path directory) throws IOException {
    for (Path file : below(directory)) {
      try (FileChannel channel = openToRead(file)) {
        channel.force(true);
      }
    }
  }

  /** Syncs the names in all directories below a directory. */
  public static void syncDirectories(Path directory) throws IOException {
    for (Path each : below(directory)) {
      if (Files.isDirectory(each)) {
        syncNames(each);
      }
    }
  }

  /** Deletes a directory and everything in it, if it exists. Syncs nothing. */
  public static void deleteAll(Path directory) {
    if (!Files.exists(directory)) {
      return;
    }
    try {
      for (Path each : below(directory).reversed()) {
        Files.delete(each);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete " + directory, e);
    }
  }

  private static List<Path> below(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      return all.sorted().toList();
    }
  }
}
