package selvedge.verification.faults;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A file system of a few megabytes, mounted for the length of a test. */
final class SmallDisk implements AutoCloseable {
  private final Path directory;

  /** Mounts it on a directory; that takes the rights of root, and there is no test without it. */
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

  /** Writes a file of zeros into it, as another program might, until only so much is free. */
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
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.onExit().join().exitValue() != 0) {
      throw new IllegalStateException(
          "this test mounts a small tmpfs, which takes the rights of root (CAP_SYS_ADMIN): "
              + String.join(" ", List.of(command))
              + " said "
              + said.strip());
    }
  }

  @Override
  public void close() throws IOException {
    run("umount", "--lazy", directory.toString());
  }
}
