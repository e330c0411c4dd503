package selvedge.cli.kv;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import selvedge.cli.remote.TerminalText;
import selvedge.model.Expiry;
import selvedge.model.InvalidRequestException;
import selvedge.model.Metadata;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** {@code selvedge kv compare}. */
@Command(
    name = "compare",
    description = "Compare two namespaces: keys, values, metadata and expiries.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  selvedge kv compare --from cloudflare:ACCOUNT/NAMESPACE --to sessions",
      "  selvedge kv compare --from old:sessions --to new:sessions -o json",
      "",
      "Ids and versions are not compared."
    },
    exitCodeList = {"0:equal", "1:different, or the command failed"})
final class CompareCommand implements Callable<Integer> {
  private static final JsonMapper JSON = JsonMapper.shared();

  @Spec private CommandSpec spec;

  @Mixin private final SideOptions sides = new SideOptions();

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "100",
      description = "The largest number of differences to print; all are counted. Default 100.")
  private long limit = 100;

  @Mixin private OutputOption output = new OutputOption();

  private long equal;
  private long different;
  private boolean seconds;

  @SuppressWarnings("NullAway") // picocli sets the fields before it runs the command
  CompareCommand() {}

  @Override
  public Integer call() {
    try (sides;
        Side from = sides.from();
        Side to = sides.to();
        var left = new Rows(from, sides.prefix());
        var right = new Rows(to, sides.prefix())) {
      seconds = from.roundsExpiry() || to.roundsExpiry();
      var progress = new Progress(spec.commandLine().getErr(), "keys", -1, 0);
      while (left.peek() != null || right.peek() != null) {
        step(left, right);
        progress.update(equal + different);
      }
      progress.end();
    } catch (IOException e) {
      throw new InvalidRequestException("broken off: " + e);
    }
    PrintWriter out = spec.commandLine().getOut();
    if (!output.isJson()) {
      out.println(
          different == 0
              ? "equal: " + equal + " keys"
              : "different: " + different + " keys; equal: " + equal);
    }
    return different == 0 ? 0 : 1;
  }

  private void step(Rows left, Rows right) throws IOException {
    Row one = left.peek();
    Row other = right.peek();
    int order = one == null ? 1 : other == null ? -1 : one.key().compareTo(other.key());
    if (order < 0) {
      report(left.take(), "only in --from");
    } else if (order > 0) {
      report(right.take(), "only in --to");
    } else {
      compare(left.take(), right.take());
    }
  }

  private void compare(Row one, Row other) {
    List<String> parts = new ArrayList<>();
    if (!one.value().equals(other.value())) {
      parts.add("value");
    }
    if (!same(one.metadata(), other.metadata())) {
      parts.add("metadata");
    }
    if (!same(one.expiry(), other.expiry())) {
      parts.add("expiry");
    }
    if (parts.isEmpty()) {
      equal++;
    } else {
      report(one, "differs: " + String.join(", ", parts));
    }
  }

  /** The service writes JSON anew, so its text may differ. */
  private static boolean same(Metadata one, Metadata other) {
    if (!one.isPresent() || !other.isPresent()) {
      return one.equals(other);
    }
    return JSON.readTree(one.json().utf8()).equals(JSON.readTree(other.json().utf8()));
  }

  private boolean same(Expiry one, Expiry other) {
    if (seconds && one instanceof Expiry.At a && other instanceof Expiry.At b) {
      return a.wholeSecond() == b.wholeSecond();
    }
    return one.equals(other);
  }

  private void report(Row row, String difference) {
    different++;
    if (different > limit) {
      return;
    }
    PrintWriter out = spec.commandLine().getOut();
    if (output.isJson()) {
      ObjectNode json = JSON.createObjectNode();
      json.put("key", row.key().name());
      json.put("difference", difference);
      out.println(JSON.writeValueAsString(json));
    } else {
      out.println(difference + "  " + TerminalText.escape(row.key().name()));
    }
  }

  /** The rows of a side, one after another. */
  private static final class Rows implements AutoCloseable {
    private final ReadAhead reading;
    private final Deque<Row> rows = new ArrayDeque<>();
    private boolean ended;

    Rows(Side side, String prefix) {
      this.reading = new ReadAhead(side, prefix, null);
    }

    @Nullable Row peek() throws IOException {
      while (rows.isEmpty() && !ended) {
        Optional<ReadAhead.Part> part = reading.next();
        ended = part.isEmpty();
        part.ifPresent(found -> found.rows().forEach(row -> row.ifPresent(rows::addLast)));
      }
      return rows.peekFirst();
    }

    Row take() {
      return rows.removeFirst();
    }

    @Override
    public void close() {
      reading.close();
    }
  }
}
