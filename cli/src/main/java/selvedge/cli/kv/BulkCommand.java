package selvedge.cli.kv;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import selvedge.model.Entry;
import selvedge.model.InvalidRequestException;
import selvedge.model.Key;
import selvedge.model.Lookup;
import selvedge.model.Mutation;
import selvedge.model.Namespace;
import selvedge.model.ReadOptions;
import selvedge.model.SelvedgeException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** {@code selvedge kv bulk}. */
@Command(
    name = "bulk",
    description = "Get, put and delete the keys of a file of wrangler.",
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  selvedge kv bulk put -n site pairs.json       [{\"key\":\"a\",\"value\":\"1\"}, ...]",
      "  selvedge kv bulk get -n site keys.json        [\"a\", {\"name\":\"b\"}, ...]",
      "  selvedge kv bulk delete -n site keys.json",
      "",
      "An element may have expiration, expiration_ttl, metadata and base64. The whole",
      "file is checked before anything is written. For many or large values use",
      "selvedge kv import."
    })
final class BulkCommand implements Runnable {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final int KEYS_AT_ONCE = 1000;

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway") // picocli sets the field before it runs the command
  BulkCommand() {}

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "missing command: one of get, put or delete");
  }

  private static List<JsonNode> elements(Path file) {
    try {
      JsonNode array = JSON.readTree(Files.readAllBytes(file));
      if (!array.isArray()) {
        throw new InvalidRequestException(file + " must be a JSON array");
      }
      return array.valueStream().toList();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    } catch (JacksonException e) {
      throw new InvalidRequestException(file + " is not JSON: " + Row.firstLine(e));
    }
  }

  private static List<Key> keys(Path file) {
    return elements(file).stream()
        .map(element -> element.isObject() ? element.path("name") : element)
        .map(
            name -> {
              if (!name.isString()) {
                throw new InvalidRequestException(
                    "an element must be a key, or an object with name, got " + name);
              }
              return Key.of(name.asString());
            })
        .toList();
  }

  @Command(
      name = "put",
      description = "Put the pairs of a file.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer =
          "  selvedge kv bulk put -n site pairs.json       [{\"key\":\"a\",\"value\":\"1\"}, ...]",
      exitCodeList = {"1:failed; nothing was written if an element is wrong"})
  void put(
      @Parameters(paramLabel = "FILE", description = "A JSON array of pairs.") Path file,
      @Mixin NamespaceOption option) {
    List<Row> rows = new ArrayList<>();
    List<JsonNode> elements = elements(file);
    for (int i = 0; i < elements.size(); i++) {
      try {
        rows.add(Row.of(elements.get(i), Instant.now()));
      } catch (SelvedgeException e) {
        throw new InvalidRequestException(
            "nothing was written: element " + (i + 1) + ": " + e.getMessage());
      }
    }
    try (option;
        var side = new SelvedgeSide(option.namespace(), option.name())) {
      Writing writing = new Writing(side, Existing.replace);
      rows.forEach(row -> writing.add(row, ""));
      writing.finish();
      spec.commandLine().getOut().println("put " + writing.written() + " keys");
      writing.requireNoRefusals();
    }
  }

  @Command(
      name = "get",
      description = "Print the values of the keys of a file as a JSON object.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  selvedge kv bulk get -n site keys.json        [\"a\", {\"name\":\"b\"}, ...]")
  void get(
      @Parameters(paramLabel = "FILE", description = "A JSON array of keys.") Path file,
      @Mixin NamespaceOption option) {
    List<Key> keys = keys(file);
    PrintWriter out = spec.commandLine().getOut();
    ObjectNode values = JSON.createObjectNode();
    try (option) {
      Namespace namespace = option.namespace();
      for (int from = 0; from < keys.size(); from += KEYS_AT_ONCE) {
        List<Key> part = keys.subList(from, Math.min(keys.size(), from + KEYS_AT_ONCE));
        List<Lookup> found = namespace.getAll(part, ReadOptions.PLAIN);
        for (int i = 0; i < part.size(); i++) {
          add(values, part.get(i), found.get(i).find());
        }
      }
    }
    out.println(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(values));
  }

  private static void add(ObjectNode values, Key key, Optional<Entry> entry) {
    if (entry.isEmpty()) {
      values.putNull(key.name());
      return;
    }
    ObjectNode json = Row.of(entry.get()).json();
    json.remove("key");
    values.set(key.name(), json);
  }

  @Command(
      name = "delete",
      description = "Delete the keys of a file.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  selvedge kv bulk delete -n site keys.json     [\"a\", {\"name\":\"b\"}, ...]")
  void delete(
      @Parameters(paramLabel = "FILE", description = "A JSON array of keys.") Path file,
      @Mixin NamespaceOption option) {
    List<Key> keys = keys(file);
    try (option) {
      Namespace namespace = option.namespace();
      for (int from = 0; from < keys.size(); from += KEYS_AT_ONCE) {
        List<Mutation> part = new ArrayList<>();
        keys.subList(from, Math.min(keys.size(), from + KEYS_AT_ONCE))
            .forEach(key -> part.add(new Mutation.Delete(key)));
        namespace.write(part);
      }
    }
    spec.commandLine().getOut().println("deleted " + keys.size() + " keys");
  }
}
