package selvedge.cli.kv;

import java.time.Duration;
import java.util.OptionalLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import selvedge.client.IncompatibleException;
import selvedge.model.Bytes;
import selvedge.model.LimitExceededException;
import selvedge.model.Namespace;
import selvedge.model.Version;
import tools.jackson.databind.JsonNode;

/** {@code selvedge kv count}. */
@Command(
    name = "count",
    description = "Count keys.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {"  selvedge kv count -n sessions", "  selvedge kv count -n sessions --prefix user:"})
final class CountCommand implements Runnable {
  private static final Duration RETRY = Duration.ofSeconds(1);

  @Spec private CommandSpec spec;

  @Mixin private final PrefixOption prefix = new PrefixOption();

  @Mixin private final NamespaceOption option = new NamespaceOption();

  private int percent;

  @SuppressWarnings("NullAway") // picocli sets the fields before it runs the command
  CountCommand() {}

  @Override
  public void run() {
    try (option;
        Rest rest = option.connection().rest()) {
      Namespace namespace = option.namespace();
      Version begun = namespace.latest();
      OptionalLong exact = exact(rest, begun);
      spec.commandLine()
          .getOut()
          .println(exact.isPresent() ? exact.getAsLong() : scanned(namespace, rest, begun));
    }
  }

  /**
   * Returns the count that the server keeps; empty if it keeps none yet, or one that is older than
   * the command.
   */
  private OptionalLong exact(Rest rest, Version begun) {
    try {
      JsonNode tree = rest.json("GET", target());
      if (!tree.has("counting")) {
        rest.require(tree, target(), "count");
      }
      percent = tree.path("counting").path("percent").asInt(percent);
      return tree.path("version").asLong(-1) >= begun.number()
          ? OptionalLong.of(tree.path("count").asLong())
          : OptionalLong.empty();
    } catch (IncompatibleException _) {
      // A server of an older version has no such path.
      return OptionalLong.empty();
    }
  }

  private String target() {
    return "v1/namespaces/"
        + Rest.encode(option.name())
        + "/tree?characters=1&limit=1&prefix="
        + Rest.encode(prefix.text());
  }

  /** Returns the count of a scan, or of the server once it has counted too many keys for a scan. */
  private long scanned(Namespace namespace, Rest rest, Version begun) {
    try {
      return namespace.count(Bytes.utf8(prefix.text()));
    } catch (LimitExceededException e) {
      var progress = new Progress(spec.commandLine().getErr(), "% counted", -1, 0);
      OptionalLong exact = exact(rest, begun);
      while (exact.isEmpty()) {
        progress.update(percent);
        pause();
        exact = exact(rest, begun);
      }
      progress.end();
      return exact.getAsLong();
    }
  }

  private static void pause() {
    try {
      Thread.sleep(RETRY);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
