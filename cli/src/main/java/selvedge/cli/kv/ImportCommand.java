package selvedge.cli.kv;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.PushbackInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.zip.GZIPInputStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import selvedge.cli.remote.TerminalText;
import selvedge.engine.files.FileFailures;
import selvedge.model.InvalidRequestException;
import selvedge.model.SelvedgeException;

/** {@code selvedge kv import}. */
@Command(
    name = "import",
    description = "Put the rows of a file of JSON lines, plain or compressed by gzip.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  selvedge kv import -n sessions sessions.ndjson.gz",
      "  selvedge kv import -n sessions rows.ndjson --dry-run",
      "  selvedge kv import -n sessions rows.ndjson --existing keep --atomic-check",
      "  zstd -dc rows.zst | selvedge kv import -n sessions -",
      "",
      "A line is {\"key\",\"value\",\"base64\"?,\"expiration\"?,\"expires\"?,\"metadata\"?};",
      "expires is in milliseconds. A line that is wrong is printed with its number,",
      "and the others are imported. The same command continues an import that was",
      "broken off."
    },
    exitCodeList = {"0:all rows are imported", "1:a line is wrong, or the command failed"})
final class ImportCommand implements Runnable {
  private static final int PRINTED_MAX = 100;
  private static final byte[] GZIP = {0x1f, (byte) 0x8b};
  private static final byte[] ZSTD = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd};
  private static final Path STANDARD_INPUT = Path.of("-");

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "FILE",
      description = "The file, as selvedge kv export writes it, or - for standard input.")
  private Path file = Path.of("");

  @Option(
      names = "--existing",
      paramLabel = "WHAT",
      defaultValue = "replace",
      description = "What happens to keys that exist: replace or keep; default replace.")
  private Existing existing = Existing.replace;

  @Option(names = "--dry-run", description = "Check the file and write nothing.")
  private boolean dryRun;

  @Option(names = "--atomic-check", description = "Write nothing if any line is wrong.")
  private boolean atomicCheck;

  @Option(names = "--restart", description = "Do not continue where an earlier import broke off.")
  private boolean restart;

  @Mixin private final NamespaceOption namespace = new NamespaceOption();

  private long wrong;

  @SuppressWarnings("NullAway") // picocli sets the fields before it runs the command
  ImportCommand() {}

  private interface Receiver {
    void accept(long line, Row row);
  }

  @Override
  public void run() {
    try {
      if (isStandardInput() && atomicCheck) {
        throw new InvalidRequestException(
            "--atomic-check reads the rows twice: give it a file in place of -");
      }
      if (dryRun || atomicCheck) {
        long right = check();
        if (dryRun) {
          out().println(right + " rows are right, " + wrong + " are wrong; nothing was written");
        }
        if (wrong > 0) {
          throw new InvalidRequestException(
              wrong + " lines of " + file + " are wrong; nothing was written");
        }
      }
      if (!dryRun) {
        write();
      }
    } catch (IOException e) {
      throw new InvalidRequestException("cannot read " + file + ": " + FileFailures.reason(e));
    }
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }

  private long check() throws IOException {
    long[] right = {0};
    each(0, (_, _) -> right[0]++);
    return right[0];
  }

  private void each(long skip, Receiver receiver) throws IOException {
    try (BufferedReader lines = open()) {
      long number = 0;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        number++;
        if (number > skip && !line.isBlank()) {
          row(number, line, receiver);
        }
      }
    }
  }

  private void row(long number, String line, Receiver receiver) {
    Row row;
    try {
      row = Row.parse(line, Instant.now());
    } catch (SelvedgeException e) {
      report("line " + number, String.valueOf(e.getMessage()));
      return;
    }
    receiver.accept(number, row);
  }

  private void report(String where, String reason) {
    wrong++;
    if (wrong <= PRINTED_MAX) {
      PrintWriter err = spec.commandLine().getErr();
      err.println(TerminalText.escape(where + ": " + reason));
      if (wrong == PRINTED_MAX) {
        err.println("further ones are counted, and not printed");
      }
    }
  }

  private BufferedReader open() throws IOException {
    InputStream raw = isStandardInput() ? System.in : Files.newInputStream(file);
    var pushback = new PushbackInputStream(raw, ZSTD.length);
    byte[] start = pushback.readNBytes(ZSTD.length);
    pushback.unread(start);
    if (Arrays.equals(start, ZSTD)) {
      raw.close();
      throw new InvalidRequestException(
          "this command reads no zstd: pipe it, as in zstd -dc "
              + file
              + " | selvedge kv import -n "
              + namespace.name()
              + " -");
    }
    boolean packed = start.length > 1 && start[0] == GZIP[0] && start[1] == GZIP[1];
    InputStream in = packed ? new GZIPInputStream(pushback, 1 << 16) : pushback;
    return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8), 1 << 16);
  }

  private void write() throws IOException {
    Checkpoint checkpoint = Checkpoint.of(identity());
    if (restart) {
      checkpoint.forget();
    }
    String position = checkpoint.position();
    long skip = position == null ? 0 : Long.parseLong(position);
    if (skip > 0) {
      out().println("continuing behind line " + skip);
    }
    wrong = 0;
    try (namespace;
        var side = new SelvedgeSide(namespace.namespace(), namespace.name());
        var writing = new Writing(side, existing)) {
      var progress = new Progress(spec.commandLine().getErr(), "rows", -1, checkpoint.done());
      long before = checkpoint.done();
      writing.onReached(
          reached -> {
            checkpoint.reached(reached, before + writing.written());
            progress.update(before + writing.written());
          });
      try {
        each(skip, (line, row) -> writing.add(row, Long.toString(line)));
        writing.finish();
      } catch (RuntimeException | IOException e) {
        checkpoint.save();
        throw e;
      } finally {
        progress.end();
      }
      checkpoint.forget();
      writing.refusals().forEach(refusal -> report(refusal.key().name(), refusal.reason()));
      out().println("imported " + (before + writing.written()) + " rows");
    }
    if (wrong > 0) {
      throw new InvalidRequestException(wrong + " rows were not imported; the others were");
    }
  }

  private boolean isStandardInput() {
    return file.equals(STANDARD_INPUT);
  }

  /** A file that has changed since is another import, and so is each use of standard input. */
  private List<String> identity() throws IOException {
    if (isStandardInput()) {
      return List.of("import", UUID.randomUUID().toString());
    }
    return List.of(
        "import",
        file.toRealPath().toString(),
        Long.toString(Files.size(file)),
        Files.getLastModifiedTime(file).toString(),
        namespace.connection().endpoint().uri().toString(),
        namespace.name(),
        existing.name());
  }
}
