package selvedge.cli.kv;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import selvedge.model.InvalidRequestException;

/** {@code selvedge kv export}. */
@Command(
    name = "export",
    description = "Write all keys with values, metadata and expiries as lines of JSON.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  selvedge kv export -n sessions sessions.ndjson.gz",
      "  selvedge kv export -n sessions --prefix user: -      to standard output",
      "",
      "A name that ends with .gz is compressed. The file is complete once it has its name: until",
      "then it is FILE.part, and the same command continues it. Keys that change during it are in",
      "it as they were when they were read; a backup (selvedge backup) has one moment for all."
    })
final class ExportCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "FILE", description = "The file to write, or - for standard output.")
  private String file = "";

  @Mixin private final PrefixOption prefix = new PrefixOption();

  @Option(names = "--restart", description = "Do not continue a file that was broken off.")
  private boolean restart;

  @Mixin private final NamespaceOption namespace = new NamespaceOption();

  @SuppressWarnings("NullAway") // picocli sets the fields before it runs the command
  ExportCommand() {}

  @Override
  public void run() {
    try (namespace;
        var side = new SelvedgeSide(namespace.namespace(), namespace.name())) {
      if (file.equals("-")) {
        toStandardOutput(side);
      } else {
        toFile(side, Path.of(file));
      }
    } catch (IOException e) {
      throw new InvalidRequestException("cannot write " + file + ": " + e.getMessage());
    }
  }

  private void toStandardOutput(Side side) throws IOException {
    Writer out = new OutputStreamWriter(System.out, StandardCharsets.UTF_8);
    for (String position = null; ; ) {
      Side.KeyPage page = side.list(prefix.text(), position);
      write(side, page, out);
      position = page.next();
      if (position == null) {
        break;
      }
    }
    out.flush();
  }

  private static long write(Side side, Side.KeyPage page, Writer out) throws IOException {
    long rows = 0;
    for (List<Side.ListedKey> part : Parts.of(page.keys(), side.readAtOnce())) {
      for (Optional<Row> row : side.read(part)) {
        if (row.isPresent()) {
          out.write(row.get().line());
          out.write('\n');
          rows++;
        }
      }
    }
    return rows;
  }

  private void toFile(Side side, Path target) throws IOException {
    Path part = target.resolveSibling(target.getFileName() + ".part");
    Checkpoint checkpoint = Checkpoint.of(identity(part));
    if (restart || !Files.exists(part)) {
      checkpoint.forget();
    }
    PartPosition position = PartPosition.of(checkpoint.position());
    long rows = checkpoint.done();
    PrintWriter err = spec.commandLine().getErr();
    var progress = new Progress(err, "rows", side.count(prefix.text()), rows);
    if (position.bytes() > 0) {
      spec.commandLine().getOut().println("continuing behind " + rows + " rows");
    }
    try (FileChannel channel =
        FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      channel.truncate(position.bytes());
      channel.position(position.bytes());
      String next = position.key();
      do {
        Side.KeyPage page = side.list(prefix.text(), next);
        rows += append(side, page, channel, target);
        next = page.next();
        if (next != null) {
          checkpoint.reached(new PartPosition(channel.position(), next).text(), rows);
        }
        progress.update(rows);
      } while (next != null);
      channel.force(true);
    } finally {
      progress.end();
    }
    Files.move(part, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    checkpoint.forget();
    spec.commandLine().getOut().println("exported " + rows + " rows to " + target);
  }

  /** Each page is a member of its own in a file of gzip, so that a file can be continued. */
  private static long append(Side side, Side.KeyPage page, FileChannel channel, Path target)
      throws IOException {
    OutputStream raw = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
    boolean packed = target.getFileName().toString().endsWith(".gz");
    GZIPOutputStream gzip = packed ? new GZIPOutputStream(raw, 1 << 16) : null;
    Writer out = new OutputStreamWriter(gzip == null ? raw : gzip, StandardCharsets.UTF_8);
    long rows = write(side, page, out);
    out.flush();
    if (gzip != null) {
      gzip.finish();
    }
    raw.flush();
    return rows;
  }

  private List<String> identity(Path part) {
    return List.of(
        "export",
        part.toAbsolutePath().toString(),
        namespace.connection().endpoint().uri().toString(),
        namespace.name(),
        prefix.text());
  }

  /**
   * Where an unfinished file ends.
   *
   * @param key the last key in it; null if there is none
   */
  private record PartPosition(long bytes, @Nullable String key) {
    static PartPosition of(@Nullable String text) {
      if (text == null) {
        return new PartPosition(0, null);
      }
      int space = text.indexOf(' ');
      return new PartPosition(Long.parseLong(text.substring(0, space)), text.substring(space + 1));
    }

    String text() {
      return bytes + " " + key;
    }
  }
}
