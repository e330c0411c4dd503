package selvedge.cli.kv;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import selvedge.cli.remote.TerminalText;
import selvedge.model.Bytes;
import selvedge.model.Change;
import selvedge.model.Mutation;
import selvedge.model.Namespace;
import selvedge.model.Version;
import selvedge.model.Watch;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** {@code selvedge kv watch}. */
@Command(
    name = "watch",
    description = "Print changes as they happen.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  selvedge kv watch -n sessions --prefix user:",
      "  selvedge kv watch -n sessions --after 1234 --count 10 -o json",
      "",
      "An expiry is no change. With -o json each line has the value too."
    })
final class WatchCommand implements Runnable {
  private static final Duration WAIT = Duration.ofSeconds(10);
  private static final JsonMapper JSON = JsonMapper.shared();

  @Spec private CommandSpec spec;

  @Mixin private final PrefixOption prefix = new PrefixOption();

  @Option(
      names = "--after",
      paramLabel = "VERSION",
      description = "Begin with the changes after this version; default with new ones.")
  private @Nullable Long after;

  @Option(
      names = "--count",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "The number of changes after which the command ends; default 0, which is never.")
  private long count;

  @Mixin private OutputOption output = new OutputOption();
  @Mixin private final NamespaceOption option = new NamespaceOption();

  @SuppressWarnings("NullAway") // picocli sets the fields before it runs the command
  WatchCommand() {}

  @Override
  public void run() {
    PrintWriter out = spec.commandLine().getOut();
    try (option) {
      Namespace namespace = option.namespace();
      Version start = after == null ? namespace.latest() : new Version(after);
      try (Watch watch = namespace.watch(Bytes.utf8(prefix.text()), start)) {
        long printed = 0;
        while (count == 0 || printed < count) {
          Optional<Change> change = watch.next(WAIT);
          if (change.isPresent()) {
            out.println(output.isJson() ? json(change.get()) : line(change.get()));
            out.flush();
            printed++;
          }
        }
      }
    }
  }

  private static String line(Change change) {
    String what =
        switch (change.mutation()) {
          case Mutation.Put put ->
              "put     " + put.key().name() + "  " + put.value().length() + " bytes";
          case Mutation.Delete(var key) -> "delete  " + key.name();
          case Mutation.Clear(var cleared) -> "clear   " + cleared.utf8() + "*";
        };
    return TerminalText.escape(change.at() + "  " + change.version() + "  " + what);
  }

  private static String json(Change change) {
    ObjectNode json = JSON.createObjectNode();
    json.put("version", change.version().number());
    json.put("at", change.at().toString());
    switch (change.mutation()) {
      case Mutation.Put put -> {
        json.put("type", "put");
        json.setAll(new Row(put.key(), put.value().bytes(), put.metadata(), put.expiry()).json());
      }
      case Mutation.Delete(var key) -> {
        json.put("type", "delete");
        json.put("key", key.name());
      }
      case Mutation.Clear(var cleared) -> {
        json.put("type", "clear");
        json.put("prefix", cleared.utf8());
      }
    }
    return JSON.writeValueAsString(json);
  }
}
