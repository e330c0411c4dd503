import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.TreeMap;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Copies jars for a package: without native libraries, which the package has beside them, and with
 * the same bytes in every build.
 *
 * <p>Arguments: the directory of the copies, the time of their entries in seconds since 1970, and
 * the jars.
 */
final class Repack {
  private static final String NATIVE = ".*\\.(so|jnilib|dll|dylib)";

  private Repack() {}

  public static void main(String[] arguments) throws IOException {
    Path target = Path.of(arguments[0]);
    LocalDateTime time =
        LocalDateTime.ofEpochSecond(Long.parseLong(arguments[1]), 0, ZoneOffset.UTC);
    for (int i = 2; i < arguments.length; i++) {
      Path jar = Path.of(arguments[i]);
      try (var in = new ZipFile(jar.toFile());
          OutputStream file = Files.newOutputStream(target.resolve(jar.getFileName()));
          var out = new ZipOutputStream(file)) {
        copy(in, out, time);
      }
    }
  }

  private static void copy(ZipFile in, ZipOutputStream out, LocalDateTime time) throws IOException {
    var entries = new TreeMap<String, ZipEntry>();
    in.stream().forEach(entry -> entries.putIfAbsent(entry.getName(), entry));
    // The manifest comes first, as in every jar.
    ZipEntry manifest = entries.remove("META-INF/MANIFEST.MF");
    if (manifest != null) {
      copy(in, out, manifest, time);
    }
    for (ZipEntry entry : entries.values()) {
      if (!entry.isDirectory() && !entry.getName().matches(NATIVE)) {
        copy(in, out, entry, time);
      }
    }
  }

  /**
   * Entries are stored: the archive around the jars compresses them better, and starts are faster.
   */
  private static void copy(ZipFile in, ZipOutputStream out, ZipEntry entry, LocalDateTime time)
      throws IOException {
    byte[] bytes;
    try (InputStream content = in.getInputStream(entry)) {
      bytes = content.readAllBytes();
    }
    var crc = new CRC32();
    crc.update(bytes);
    var copy = new ZipEntry(entry.getName());
    copy.setMethod(ZipEntry.STORED);
    copy.setSize(bytes.length);
    copy.setCrc(crc.getValue());
    copy.setTimeLocal(time);
    out.putNextEntry(copy);
    out.write(bytes);
    out.closeEntry();
  }
}
