package selvedge.engine.files;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/** Small text files that a crash leaves either as they were or as they are to be. */
public final class SyncedFiles {
  private SyncedFiles() {}

  /** Replaces the file at one moment, and returns once it is on disk under its name. */
  public static void write(Path file, List<String> lines) throws IOException {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    byte[] text = (String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8);
    Files.write(fresh, text);
    try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    syncNames(file.resolveSibling("."));
  }

  /** Returns once the names in a directory are on disk. */
  public static void syncNames(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  /** Returns once all files below a directory, and their names, are on disk. */
  public static void syncFiles(Path directory) throws IOException {
    for (Path file : below(directory)) {
      try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
        channel.force(true);
      }
    }
  }

  /** Returns once all names below a directory are on disk. */
  public static void syncDirectories(Path directory) throws IOException {
    for (Path each : below(directory)) {
      if (Files.isDirectory(each)) {
        syncNames(each);
      }
    }
  }

  /** Deletes a directory and all that is in it, if it exists. */
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
