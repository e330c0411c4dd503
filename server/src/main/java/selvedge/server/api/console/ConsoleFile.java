package selvedge.server.api.console;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import java.util.zip.GZIPOutputStream;
import selvedge.model.Bytes;

/**
 * A file of the console, as it is sent.
 *
 * @param zipped the content in gzip; empty if that is not smaller
 * @param tag the {@code ETag}
 * @param isHashed whether the name changes with the content, so that caches may keep the file
 */
record ConsoleFile(
    String contentType, Bytes content, Optional<Bytes> zipped, String tag, boolean isHashed) {
  private static final String FOLDER = "/selvedge/console/";
  private static final Pattern NAME =
      Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]*(\\.[A-Za-z0-9_-]+)*");
  private static final Pattern HASHED = Pattern.compile(".*-[A-Za-z0-9]{8}\\.[a-z0-9.]+");

  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "json", "application/json",
          "webmanifest", "application/manifest+json",
          "svg", "image/svg+xml",
          "png", "image/png",
          "ico", "image/x-icon",
          "woff2", "font/woff2",
          "txt", "text/plain; charset=utf-8");

  /** Reads a file from the jar; empty if it has none of that name, or of an unknown type. */
  static Optional<ConsoleFile> read(String name) {
    String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
    if (type == null || !NAME.matcher(name).matches()) {
      return Optional.empty();
    }
    try (InputStream in = ConsoleFile.class.getResourceAsStream(FOLDER + name)) {
      return in == null
          ? Optional.empty()
          : Optional.of(of(type, in.readAllBytes(), HASHED.matcher(name).matches()));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + FOLDER + name, e);
    }
  }

  private static ConsoleFile of(String type, byte[] content, boolean hashed) throws IOException {
    var out = new ByteArrayOutputStream(content.length);
    try (var zip = new GZIPOutputStream(out)) {
      zip.write(content);
    }
    var sum = new CRC32C();
    sum.update(content);
    return new ConsoleFile(
        type,
        Bytes.copyOf(content),
        out.size() < content.length
            ? Optional.of(Bytes.copyOf(out.toByteArray()))
            : Optional.empty(),
        "\"" + HexFormat.of().toHexDigits(sum.getValue(), 8) + "\"",
        hashed);
  }
}
