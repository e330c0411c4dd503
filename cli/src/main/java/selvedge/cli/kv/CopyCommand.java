package selvedge.cli.kv;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import selvedge.cli.remote.TerminalText;
import selvedge.model.InvalidRequestException;

/** {@code selvedge kv copy}. */
@Command(
    name = "copy",
    description = "Copy keys with values, metadata and expiries between servers and the service.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  selvedge kv copy --from cloudflare:ACCOUNT/NAMESPACE --to sessions",
      "  selvedge kv copy --from sessions --to cloudflare:ACCOUNT/NAMESPACE --existing keep",
      "  selvedge kv copy --from old:sessions --to new:sessions       two saved contexts",
      "",
      "The same command continues a copy that was broken off. Between two Selvedge",
      "servers an expiry keeps its milliseconds; the service has seconds, at least 60",
      "ahead. Keys that could not be copied are printed. Then compare:",
      "  selvedge kv compare --from ... --to ..."
    },
    exitCodeList = {"0:all keys are copied", "1:a key was not copied, or the command failed"})
final class CopyCommand implements Runnable {
  private static final int PRINTED_MAX = 100;

  @Spec private CommandSpec spec;

  @Mixin private final SideOptions sides = new SideOptions();

  @Option(
      names = "--existing",
      paramLabel = "WHAT",
      defaultValue = "replace",
      description = "What happens to keys that exist: replace or keep; default replace.")
  private Existing existing = Existing.replace;

  @Option(names = "--restart", description = "Do not continue where an earlier copy broke off.")
  private boolean restart;

  @SuppressWarnings("NullAway") // picocli sets the fields before it runs the command
  CopyCommand() {}

  @Override
  public void run() {
    try (sides;
        Side from = sides.from();
        Side to = sides.to();
        var writing = new Writing(to, existing)) {
      copy(from, to, writing);
    } catch (IOException e) {
      throw new InvalidRequestException(
          "broken off: " + e + "; the same command continues the copy");
    }
  }

  private void copy(Side from, Side to, Writing writing) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    Checkpoint checkpoint = Checkpoint.of(identity());
    if (restart) {
      checkpoint.forget();
    }
    long before = checkpoint.done();
    if (checkpoint.position() != null) {
      out.println("continuing behind " + before + " keys");
    }
    var progress =
        new Progress(spec.commandLine().getErr(), "keys", from.count(sides.prefix()), before);
    writing.onReached(
        reached -> {
          Place place = Place.parse(reached);
          if (!place.page().isEmpty()) {
            checkpoint.reached(place.page(), place.before());
          }
          progress.update(before + writing.written());
        });
    try (var reading = new ReadAhead(from, sides.prefix(), checkpoint.position())) {
      var place = new Place(before, "");
      long read = before;
      for (var part = reading.next(); part.isPresent(); part = reading.next()) {
        String page = Optional.ofNullable(part.get().page()).orElse("");
        if (!page.equals(place.page())) {
          place = new Place(read, page);
        }
        for (Optional<Row> row : part.get().rows()) {
          if (row.isPresent()) {
            writing.add(row.get(), place.text());
            read++;
          }
        }
      }
      writing.finish();
    } catch (RuntimeException | IOException e) {
      checkpoint.save();
      throw e;
    } finally {
      progress.end();
    }
    checkpoint.forget();
    out.println("copied " + (before + writing.written()) + " keys from " + from + " to " + to);
    report(writing.refusals());
  }

  /**
   * A page of the source.
   *
   * @param before the number of keys before it
   * @param page where it begins; empty for the first
   */
  private record Place(long before, String page) {
    static Place parse(String text) {
      int space = text.indexOf(' ');
      return new Place(Long.parseLong(text.substring(0, space)), text.substring(space + 1));
    }

    String text() {
      return before + " " + page;
    }
  }

  private List<String> identity() {
    List<String> identity = new ArrayList<>(List.of("copy", existing.name()));
    identity.addAll(sides.identity());
    return identity;
  }

  private void report(List<Side.Refusal> refusals) {
    if (refusals.isEmpty()) {
      return;
    }
    PrintWriter err = spec.commandLine().getErr();
    refusals.stream()
        .limit(PRINTED_MAX)
        .map(refusal -> refusal.key().name() + ": " + refusal.reason())
        .map(TerminalText::escape)
        .forEach(err::println);
    throw new InvalidRequestException(refusals.size() + " keys were not copied; the others were");
  }
}
