package selvedge.cli.kv;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import selvedge.cli.remote.TerminalText;
import selvedge.model.Bytes;
import selvedge.model.Condition;
import selvedge.model.Entry;
import selvedge.model.Expiry;
import selvedge.model.InvalidRequestException;
import selvedge.model.Key;
import selvedge.model.Listed;
import selvedge.model.Listing;
import selvedge.model.Metadata;
import selvedge.model.Outcome;
import selvedge.model.Page;
import selvedge.model.Version;
import selvedge.model.WriteOptions;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.util.RawValue;

/** {@code selvedge kv key}. */
@Command(
    name = "key",
    description = "Get, put, list and delete single keys.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  selvedge kv key put -n site page.html --path page.html --metadata '{\"type\":\"html\"}'",
      "  selvedge kv key put -n site counter 0 --if-absent",
      "  selvedge kv key get -n site page.html > page.html",
      "  selvedge kv key get -n site page.html -o json",
      "  selvedge kv key list -n site --prefix page",
      "  selvedge kv key delete -n site page.html --if-version 1234"
    })
final class EntryCommand implements Runnable {
  private static final JsonMapper JSON = JsonMapper.shared();

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway") // picocli sets the field before it runs the command
  EntryCommand() {}

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(), "missing command: one of get, put, list, delete or exists");
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }

  @Command(
      name = "get",
      description = "Print a value; with -o json the whole entry.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = {
        "  selvedge kv key get -n site page.html > page.html",
        "  selvedge kv key get -n site page.html -o json"
      },
      exitCodeList = {"1:there is no such key, or the command failed"})
  int get(
      @Parameters(paramLabel = "KEY", description = "The key.") String key,
      @Option(
              names = "--path",
              paramLabel = "FILE",
              description = "Write the value to a file, whatever its size.")
          @Nullable Path path,
      @Mixin OutputOption output,
      @Mixin NamespaceOption namespace)
      throws IOException {
    try (namespace) {
      Optional<Entry> entry = namespace.namespace().find(key);
      if (entry.isEmpty()) {
        return missing(key);
      }
      if (path != null) {
        try (InputStream in = entry.get().value().open()) {
          Files.copy(in, path, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        }
      } else if (output.isJson()) {
        ObjectNode json = Row.of(entry.get()).json();
        json.put("version", entry.get().version().number());
        out().println(json);
      } else {
        OutputStream raw = new BufferedOutputStream(System.out);
        Terminal.print(entry.get().value().bytes(), out(), raw);
      }
      return 0;
    }
  }

  private int missing(String key) {
    spec.commandLine().getErr().println("selvedge: no key " + TerminalText.escape(key));
    return 1;
  }

  @Command(
      name = "exists",
      description = "Say whether there is a key, by the exit status too.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  selvedge kv key exists -n site page.html && echo found",
      exitCodeList = {"0:the key exists", "1:there is no such key, or the command failed"})
  int exists(
      @Parameters(paramLabel = "KEY", description = "The key.") String key,
      @Mixin NamespaceOption namespace) {
    try (namespace) {
      // A listing has no values, and the key itself comes before all longer ones.
      Page page = namespace.namespace().list(Listing.prefix(key, 1));
      boolean exists = page.entries().stream().anyMatch(each -> each.key().equals(Key.of(key)));
      out().println(exists ? "yes" : "no");
      return exists ? 0 : 1;
    }
  }

  @Command(
      name = "put",
      description = "Put a value from the command line, a file, or - for standard input.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = {
        "  selvedge kv key put -n site page.html --path page.html --metadata '{\"type\":\"html\"}'",
        "  selvedge kv key put -n site counter 0 --if-absent",
        "  date | selvedge kv key put -n site built - --ttl 3600"
      },
      exitCodeList = {"1:the condition does not hold, or the command failed"})
  int put(
      @Parameters(paramLabel = "KEY", description = "The key.") String key,
      @Parameters(
              paramLabel = "VALUE",
              arity = "0..1",
              description = "The value; - reads standard input.")
          @Nullable String value,
      @Option(
              names = "--path",
              paramLabel = "FILE",
              description = "A file with the value, in place of VALUE.")
          @Nullable Path path,
      @Mixin EntryOptions options,
      @Mixin NamespaceOption namespace)
      throws IOException {
    if ((value == null) == (path == null)) {
      throw new InvalidRequestException("give either VALUE or --path");
    }
    WriteOptions write = options.write();
    try (namespace;
        InputStream in = source(value, path)) {
      return report(namespace.namespace().put(Key.of(key), in, write), key);
    }
  }

  private static InputStream source(@Nullable String value, @Nullable Path path)
      throws IOException {
    if (path != null) {
      return new BufferedInputStream(Files.newInputStream(path));
    }
    return "-".equals(value) ? System.in : Bytes.utf8(String.valueOf(value)).open();
  }

  private int report(Outcome outcome, String key) {
    if (outcome instanceof Outcome.Conflict(Version current)) {
      spec.commandLine()
          .getErr()
          .println(
              "selvedge: not changed: "
                  + TerminalText.escape(key)
                  + (current.equals(Version.NONE) ? " does not exist" : " has version " + current));
      return 1;
    }
    out().println("version " + outcome.version());
    return 0;
  }

  @Command(
      name = "delete",
      description = "Delete a key.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = {
        "  selvedge kv key delete -n site page.html",
        "  selvedge kv key delete -n site page.html --if-version 1234"
      },
      exitCodeList = {"1:the condition does not hold, or the command failed"})
  int delete(
      @Parameters(paramLabel = "KEY", description = "The key.") String key,
      @Option(
              names = "--if-version",
              paramLabel = "N",
              description = "Only if the entry has this version.")
          @Nullable Long version,
      @Mixin NamespaceOption namespace) {
    Condition condition =
        version == null ? Condition.ALWAYS : Condition.version(new Version(version));
    try (namespace) {
      return report(namespace.namespace().delete(Key.of(key), condition), key);
    }
  }

  @Command(
      name = "list",
      description = "List keys in byte order, with size, expiry and metadata.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = {
        "  selvedge kv key list -n site --prefix page",
        "  selvedge kv key list -n site --limit 0 -o json | wc -l"
      })
  void list(
      @Mixin PrefixOption prefix,
      @Option(
              names = "--limit",
              paramLabel = "N",
              defaultValue = "1000",
              description = "The largest number of keys to print; 0 for all. Default 1000.")
          long limit,
      @Mixin OutputOption output,
      @Mixin NamespaceOption namespace) {
    var table = new Table("KEY", "BYTES", "VERSION", "EXPIRES", "METADATA");
    try (namespace) {
      Iterator<Listed> keys = namespace.namespace().keys(prefix.text()).iterator();
      for (long i = 0; (limit == 0 || i < limit) && keys.hasNext(); i++) {
        Listed listed = keys.next();
        if (output.isJson()) {
          out().println(JSON.writeValueAsString(json(listed)));
        } else {
          table.row(cells(listed));
        }
      }
      table.print(out());
      if (keys.hasNext()) {
        spec.commandLine().getErr().println("there are more keys; --limit 0 lists all");
      }
    }
  }

  private static String[] cells(Listed listed) {
    return new String[] {
      TerminalText.escape(listed.key().name()),
      Long.toString(listed.valueBytes()),
      listed.version().toString(),
      listed.expiry() instanceof Expiry.At at ? at.instant().toString() : "",
      TerminalText.escape(listed.metadata().isPresent() ? listed.metadata().json().utf8() : "")
    };
  }

  /** Returns the members of wrangler's list, and what it does not have beside them. */
  private static ObjectNode json(Listed listed) {
    ObjectNode json = JSON.createObjectNode();
    json.put("name", listed.key().name());
    json.put("bytes", listed.valueBytes());
    json.put("version", listed.version().number());
    if (listed.expiry() instanceof Expiry.At at) {
      json.put("expiration", at.wholeSecond());
      json.put("expires", at.instant().toEpochMilli());
    }
    if (listed.metadata().isPresent()) {
      json.putRawValue("metadata", new RawValue(listed.metadata().json().utf8()));
    }
    return json;
  }

  /** Metadata, expiry and condition of a put. */
  static final class EntryOptions {
    @Option(names = "--metadata", paramLabel = "JSON", description = "Metadata to store with it.")
    private @Nullable String metadata;

    @Option(names = "--ttl", paramLabel = "SECONDS", description = "The time to live in seconds.")
    private @Nullable Long ttl;

    @Option(
        names = "--expiration",
        paramLabel = "SECONDS",
        description = "The expiry in seconds since 1970.")
    private @Nullable Long expiration;

    @Option(names = "--if-absent", description = "Only if there is no such key.")
    private boolean absent;

    @Option(
        names = "--if-version",
        paramLabel = "N",
        description = "Only if the entry has this version.")
    private @Nullable Long version;

    WriteOptions write() {
      if (ttl != null && expiration != null) {
        throw new InvalidRequestException("give either --ttl or --expiration");
      }
      if (absent && version != null) {
        throw new InvalidRequestException("give either --if-absent or --if-version");
      }
      WriteOptions write = WriteOptions.PLAIN;
      if (metadata != null) {
        write = write.metadata(Metadata.json(metadata));
      }
      if (ttl != null) {
        write = write.expiresIn(Duration.ofSeconds(ttl));
      }
      if (expiration != null) {
        write = write.expiresAt(Instant.ofEpochSecond(expiration));
      }
      if (absent) {
        write = write.ifAbsent();
      }
      return version == null ? write : write.ifVersion(new Version(version));
    }
  }
}
