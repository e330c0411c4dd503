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
import selvedge.engine.files.FileFailures;
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
      "  selvedge kv export -n sessions - | zstd -o sessions.zst",
      "",
      "A name that ends with .gz is compressed. The file is complete once it has its",
      "name: until then it is FILE.part, and the same command continues it. Keys that",
      "change meanwhile are in it as they were when they were read; a backup (selvedge",
      "backup) has one moment for all."
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
    if (file.endsWith(".zst")) {
      throw new InvalidRequestException(
          "this command writes no zstd: pipe it, as in selvedge kv export -n "
              + namespace.name()
              + " - | zstd -o "
              + file);
    }
    try (namespace;
        var side = new SelvedgeSide(namespace.namespace(), namespace.name())) {
      if (file.equals("-")) {
        toStandardOutput(side);
      } else {
        toFile(side, Path.of(file));
      }
    } catch (IOException e) {
      throw new InvalidRequestException("cannot write " + file + ": " + FileFailures.reason(e));
    }
  }

  private void toStandardOutput(Side side) throws IOException {
    Writer out = new OutputStreamWriter(System.out, StandardCharsets.UTF_8);
    try (var reading = new ReadAhead(side, prefix.text(), null)) {
      for (var part = reading.next(); part.isPresent(); part = reading.next()) {
        write(part.get(), out);
      }
    }
    out.flush();
  }

  private static long write(ReadAhead.Part part, Writer out) throws IOException {
    long rows = 0;
    for (Optional<Row> row : part.rows()) {
      if (row.isPresent()) {
        out.write(row.get().line());
        out.write('\n');
        rows++;
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
      rows = append(side, position, channel, checkpoint, progress);
      channel.force(true);
    } catch (RuntimeException | IOException e) {
      checkpoint.save();
      throw e;
    } finally {
      progress.end();
    }
    Files.move(part, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    checkpoint.forget();
    spec.commandLine().getOut().println("exported " + rows + " rows to " + target);
  }

  /** Appends the rows behind a position, and returns how many the whole file has. */
  private long append(
      Side side,
      PartPosition position,
      FileChannel channel,
      Checkpoint checkpoint,
      Progress progress)
      throws IOException {
    long rows = checkpoint.done();
    String page = position.key();
    var section = new Section(channel, file.endsWith(".gz"));
    try (var reading = new ReadAhead(side, prefix.text(), page)) {
      for (var part = reading.next(); part.isPresent(); part = reading.next()) {
        String next = part.get().page();
        if (next != null && !next.equals(page)) {
          section.end();
          section = new Section(channel, file.endsWith(".gz"));
          page = next;
          checkpoint.reached(new PartPosition(channel.position(), page).text(), rows);
        }
        rows += write(part.get(), section.out);
        progress.update(rows);
      }
    }
    section.end();
    return rows;
  }

  /** The rows of a page: a member of its own in a file of gzip, so that a file can be continued. */
  private static final class Section {
    private final @Nullable GZIPOutputStream gzip;
    private final OutputStream raw;
    private final Writer out;

    Section(FileChannel channel, boolean packed) throws IOException {
      raw = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
      gzip = packed ? new GZIPOutputStream(raw, 1 << 16) : null;
      out = new OutputStreamWriter(gzip == null ? raw : gzip, StandardCharsets.UTF_8);
    }

    void end() throws IOException {
      out.flush();
      if (gzip != null) {
        gzip.finish();
      }
      raw.flush();
    }
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
