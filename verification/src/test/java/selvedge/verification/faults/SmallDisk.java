package selvedge.verification.faults;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** A file system of a few megabytes that is mounted during a test. */
final class SmallDisk implements AutoCloseable {
  /** Written in pages, because the file system uses some of the space itself. */
  private static final long LAST_BYTES = 1 << 20;

  private static final Path FILE_SYSTEMS = Path.of("/sys/fs/ext4");

  private final Path directory;
  private final Path image;

  /** Mounts a file system in memory on a directory. This requires root. */
  SmallDisk(Path directory, int mebibytes) throws IOException {
    this(directory);
    run("mount", "-t", "tmpfs", "-o", "size=" + mebibytes + "m", "tmpfs", directory.toString());
  }

  private SmallDisk(Path directory) throws IOException {
    this.directory = Files.createDirectories(directory);
    this.image = directory.resolveSibling(directory.getFileName() + ".ext4");
  }

  /** Mounts an ext4 file system in a file beside the directory. This requires root. */
  static SmallDisk ext4(Path directory, int mebibytes) throws IOException {
    var disk = new SmallDisk(directory);
    try (var file = new RandomAccessFile(disk.image.toFile(), "rw")) {
      file.setLength((long) mebibytes << 20);
    }
    run("mkfs.ext4", "-q", "-m", "0", disk.image.toString());
    disk.mountImage();
    return disk;
  }

  private void mountImage() throws IOException {
    run("mount", "-o", "loop,errors=remount-ro", image.toString(), directory.toString());
  }

  /**
   * Makes the kernel find an error in the ext4 file system: it becomes read-only, also for files
   * that are open.
   */
  void makeReadOnly() throws IOException {
    String device = output("findmnt", "-n", "-o", "SOURCE", directory.toString());
    Path name = Path.of(device.strip()).getFileName();
    Files.writeString(FILE_SYSTEMS.resolve(name).resolve("trigger_fs_error"), "test");
  }

  /** Mounts the ext4 file system again, checked. No file of it may be open. */
  void repair() throws IOException {
    run("umount", directory.toString());
    run("sh", "-c", "fsck.ext4 -p \"$0\" || [ $? -eq 1 ]", image.toString());
    mountImage();
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

  /**
   * Fills the file system with a file until only the given amount is free. Nearly all of it is
   * allocated at once, so that a server has no time to free its reserve while the disk fills.
   */
  Path fill(long freeBytes) throws IOException {
    Path file = directory.resolve("of-another-program");
    long most = freeBytes() - freeBytes - LAST_BYTES;
    if (most > 0) {
      run("fallocate", "-l", Long.toString(most), file.toString());
    }
    try (var out =
        Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      byte[] page = new byte[4096];
      while (freeBytes() > freeBytes + page.length) {
        out.write(page);
      }
    }
    return file;
  }

  private static void run(String... command) throws IOException {
    output(command);
  }

  private static String output(String... command) throws IOException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.onExit().join().exitValue() != 0) {
      throw new IllegalStateException(
          "this test mounts a small tmpfs, which takes the rights of root (CAP_SYS_ADMIN): "
              + String.join(" ", List.of(command))
              + " failed: "
              + output.strip());
    }
    return output;
  }

  @Override
  public void close() throws IOException {
    run("umount", "--lazy", directory.toString());
  }
}
