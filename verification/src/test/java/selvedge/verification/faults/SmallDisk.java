package selvedge.verification.faults;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A file system of a few megabytes that is mounted during a test. */
final class SmallDisk implements AutoCloseable {
  private final Path directory;

  /** Mounts the file system on a directory. This requires root. */
  SmallDisk(Path directory, int mebibytes) throws IOException {
    this.directory = Files.createDirectories(directory);
    run("mount", "-t", "tmpfs", "-o", "size=" + mebibytes + "m", "tmpfs", directory.toString());
  }

  Path directory() {
    return directory;
  }

  void resize(int mebibytes) throws IOException {
    run("mount", "-o", "remount,size=" + mebibytes + "m", directory.toString());
  }

  long freeBytes() throws IOException {
    return Files.getFileStore(directory).getUsableSpace();
  }

  /** Fills the file system with a file of zeros until only the given amount is free. */
  Path fill(long freeBytes) throws IOException {
    Path file = directory.resolve("of-another-program");
    try (var out = Files.newOutputStream(file)) {
      byte[] page = new byte[4096];
      while (freeBytes() > freeBytes + page.length) {
        out.write(page);
      }
    }
    return file;
  }

  private static void run(String... command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.onExit().join().exitValue() != 0) {
      throw new IllegalStateException(
          "this test mounts a small tmpfs, which takes the rights of root (CAP_SYS_ADMIN): "
              + String.join(" ", List.of(command))
              + " failed: "
              + output.strip());
    }
  }

  @Override
  public void close() throws IOException {
    run("umount", "--lazy", directory.toString());
  }
}
