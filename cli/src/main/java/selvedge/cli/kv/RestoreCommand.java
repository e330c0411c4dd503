package selvedge.cli.kv;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import selvedge.model.Bytes;
import selvedge.model.Condition;
import selvedge.model.Entry;
import selvedge.model.Expiry;
import selvedge.model.InvalidRequestException;
import selvedge.model.Key;
import selvedge.model.Metadata;
import selvedge.model.Namespace;
import selvedge.model.Outcome;
import selvedge.model.WriteOptions;

/** {@code selvedge kv restore}. */
@Command(
    name = "restore",
    description = "Put an older version of a key again, with its metadata and expiry.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  selvedge kv history -n sessions user:1",
      "  selvedge kv restore -n sessions user:1 --version 1234",
      "",
      "The restored entry is a new change. If another client changes the key",
      "meanwhile, nothing is restored."
    })
final class RestoreCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "KEY", description = "The key.")
  private String key = "";

  @Option(
      names = "--version",
      paramLabel = "N",
      required = true,
      description = "The version, as selvedge kv history prints it.")
  private long version;

  @Mixin private final NamespaceOption option = new NamespaceOption();

  @SuppressWarnings("NullAway") // picocli sets the fields before it runs the command
  RestoreCommand() {}

  @Override
  public void run() {
    String target = HistoryCommand.target(option.name(), key) + "?version=" + version;
    try (option;
        Rest rest = option.connection().rest()) {
      Namespace namespace = option.namespace();
      Condition unchanged =
          namespace.find(key).map(Entry::version).map(Condition::version).orElse(Condition.ABSENT);
      HttpResponse<InputStream> old = rest.send("GET", target, "");
      try (InputStream value = old.body()) {
        Outcome outcome = namespace.put(Key.of(key), value, options(old).condition(unchanged));
        if (!outcome.isAccepted()) {
          throw new InvalidRequestException(
              "nothing was restored: another client has changed the key, to version "
                  + outcome.version());
        }
        spec.commandLine().getOut().println("version " + outcome.version());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the answer broke off", e);
    }
  }

  private static WriteOptions options(HttpResponse<InputStream> old) {
    WriteOptions options = WriteOptions.PLAIN;
    var metadata = old.headers().firstValue("CF-KV-Metadata");
    if (metadata.isPresent()) {
      byte[] bytes = metadata.get().getBytes(StandardCharsets.ISO_8859_1);
      options = options.metadata(Metadata.stored(Bytes.adopt(bytes)));
    }
    var expires = old.headers().firstValue("Selvedge-Expires");
    return expires.isEmpty()
        ? options
        : options.expiry(Expiry.at(Instant.ofEpochMilli(Long.parseLong(expires.get()))));
  }
}
