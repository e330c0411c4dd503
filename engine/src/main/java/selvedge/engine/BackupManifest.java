package selvedge.engine;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import selvedge.engine.files.SyncedFiles;
import selvedge.engine.form.Form;
import selvedge.engine.replication.ClusterId;
import selvedge.model.InvalidRequestException;
import selvedge.model.StoreDamagedException;
import selvedge.model.Version;

/**
 * The file {@code manifest} of a backup: the identity of the store, and a sum of each file. It is
 * specified in docs/reference/storage.md. It is written last, so a backup without one is
 * incomplete.
 *
 * @param at the time of the backup
 */
public record BackupManifest(
    ClusterId cluster, long epoch, Version version, Instant at, List<Sum> files) {
  private static final String NAME = "manifest";
  private static final String FORMAT = "selvedge backup " + Form.BACKUP.newest();
  private static final String SUM = "sum ";
  private static final int FIRST_FILE = 5;
  private static final int BUFFER_BYTES = 256 << 10;

  /**
   * A file of a backup.
   *
   * @param sum the SHA-256 of its content, in hex
   * @param name its path below the directory of the backup, with slashes
   */
  public record Sum(String sum, long bytes, String name) {

    static Sum of(Path backup, Path file) throws IOException {
      MessageDigest digest = sha256();
      long bytes = 0;
      byte[] buffer = new byte[BUFFER_BYTES];
      try (InputStream in = Files.newInputStream(file)) {
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
          digest.update(buffer, 0, read);
          bytes += read;
        }
      }
      String name = backup.relativize(file).toString().replace('\\', '/');
      return new Sum(HexFormat.of().formatHex(digest.digest()), bytes, name);
    }

    private String line() {
      return "file " + sum + " " + bytes + " " + name;
    }

    private static Sum parse(String line) {
      String[] fields = line.split(" ", 4);
      return new Sum(fields[1], Long.parseLong(fields[2]), fields[3]);
    }
  }

  public BackupManifest {
    files = List.copyOf(files);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }

  /** Reads every file of a backup and returns the sums, once all of the files are on disk. */
  static List<Sum> sums(Path backup) throws IOException {
    List<Sum> sums = new ArrayList<>();
    for (Path file : files(backup)) {
      try (FileChannel channel = SyncedFiles.openToRead(file)) {
        channel.force(true);
      }
      sums.add(Sum.of(backup, file));
    }
    return sums;
  }

  private static List<Path> files(Path backup) throws IOException {
    try (Stream<Path> all = Files.walk(backup)) {
      return all.filter(each -> !Files.isDirectory(each))
          .filter(each -> !each.equals(backup.resolve(NAME)))
          .sorted()
          .toList();
    }
  }

  void write(Path backup) throws IOException {
    List<String> lines = lines();
    lines.add(SUM + sum(lines));
    SyncedFiles.write(backup.resolve(NAME), lines);
  }

  private List<String> lines() {
    List<String> lines =
        new ArrayList<>(
            List.of(
                FORMAT, "cluster " + cluster, "epoch " + epoch, "version " + version, "at " + at));
    files.forEach(file -> lines.add(file.line()));
    return lines;
  }

  private static String sum(List<String> lines) {
    byte[] text = String.join("\n", lines).getBytes(StandardCharsets.UTF_8);
    return HexFormat.of().formatHex(sha256().digest(text));
  }

  /** Reads the manifest of a backup. Does not compare the sums with the files. */
  public static BackupManifest read(Path backup) {
    Path file = backup.resolve(NAME);
    try {
      if (!Files.exists(file)) {
        throw new InvalidRequestException(
            backup + " is not a complete backup: it has no file " + NAME);
      }
      List<String> lines = Files.readString(file, StandardCharsets.ISO_8859_1).lines().toList();
      if (lines.isEmpty() || !lines.getFirst().equals(FORMAT)) {
        throw new StoreDamagedException(
            file + " must begin with the line \"" + FORMAT + "\": it is damaged or too new");
      }
      List<String> summed = lines.subList(0, lines.size() - 1);
      if (!lines.getLast().equals(SUM + sum(summed))) {
        throw new StoreDamagedException(
            file + " is damaged: its last line must be the sum of the lines before it");
      }
      return new BackupManifest(
          ClusterId.of(value(summed, 1)),
          Long.parseLong(value(summed, 2)),
          new Version(Long.parseLong(value(summed, 3))),
          Instant.parse(value(summed, 4)),
          summed.subList(FIRST_FILE, summed.size()).stream().map(Sum::parse).toList());
    } catch (IndexOutOfBoundsException | NumberFormatException | DateTimeException e) {
      throw new StoreDamagedException(file + " is damaged: " + e.getMessage());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }

  private static String value(List<String> lines, int line) {
    return lines.get(line).substring(lines.get(line).indexOf(' ') + 1);
  }

  /** Throws if a file of the backup does not have its sum, or if there is any other file. */
  void requireWhole(Path backup) throws IOException {
    List<String> names = files.stream().map(Sum::name).toList();
    for (Sum expected : files) {
      Path file = backup.resolve(expected.name()).normalize();
      if (!file.startsWith(backup.normalize()) || !Files.isRegularFile(file)) {
        throw new StoreDamagedException(file + " is missing");
      }
      if (!Sum.of(backup, backup.resolve(expected.name())).equals(expected)) {
        throw new StoreDamagedException(
            file + " is damaged: its content does not have the sum in the manifest");
      }
    }
    for (Path file : files(backup)) {
      if (!names.contains(backup.relativize(file).toString().replace('\\', '/'))) {
        throw new StoreDamagedException(file + " does not belong to the backup");
      }
    }
  }
}
