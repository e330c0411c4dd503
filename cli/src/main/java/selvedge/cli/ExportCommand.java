package selvedge.cli;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import selvedge.engine.feed.FeedRead;
import selvedge.engine.store.Snapshot;
import selvedge.engine.store.rocks.RocksStore;
import selvedge.model.Change;
import selvedge.model.Entry;
import selvedge.model.Expiry;
import selvedge.model.InvalidRequestException;
import selvedge.model.Key;
import selvedge.model.Limits;
import selvedge.model.Metadata;
import selvedge.model.Mutation;
import selvedge.model.NamespaceId;
import selvedge.model.Profile;
import selvedge.model.Value;
import selvedge.model.Version;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.util.RawValue;

/** {@code selvedge export}. */
@Command(
    name = "export",
    description =
        "Write the changes after a version as lines of JSON, from the data of a stopped server.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  selvedge export --data /var/lib/selvedge --after 1234 > unseen.ndjson",
      "  selvedge export --data /var/lib/selvedge --store store.unseen-1234-1300 --after 1234",
      "  selvedge export --data DIR --store store.unseen-1234-1300 --after 1234 --newest",
      "",
      "Values are in Base64. The limits feed-seconds and feed-bytes decide how long changes are"
          + " kept."
    })
final class ExportCommand implements Runnable {
  private static final int PAGE = 256;
  private static final JsonMapper JSON = JsonMapper.shared();

  @Spec private CommandSpec spec;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "./data",
      description = "The data directory; default ./data.")
  private Path data = Path.of("data");

  @Option(
      names = "--store",
      paramLabel = "NAME",
      defaultValue = "store",
      description =
          "A store in the data directory; default store. Others have changes that no other server"
              + " has.")
  private String name = "store";

  @Option(
      names = "--after",
      paramLabel = "VERSION",
      required = true,
      description = "The version before the first change.")
  private long after;

  @Option(
      names = "--newest",
      description =
          "Write the newest value of each key that was changed after the version, also if the feed"
              + " begins later. Deletes and replaced values are left out.")
  private boolean newest;

  @Mixin private EncryptionOption encryption = new EncryptionOption();

  @SuppressWarnings("NullAway") // picocli sets the fields before it runs the command
  ExportCommand() {}

  @Override
  public void run() {
    Path directory = data.resolve(name);
    if (!name.startsWith("store") || !Files.exists(directory)) {
      throw new InvalidRequestException("no store named " + name + " in " + data);
    }
    Umask.restrict();
    Limits limits = Limits.of(Profile.OPEN);
    try (RocksStore store =
        RocksStore.open(
            directory, limits, InstantSource.system(), new SecureRandom(), encryption.keys())) {
      PrintWriter out = spec.commandLine().getOut();
      if (newest) {
        exportNewest(store, out);
      } else {
        export(store, out);
      }
      out.flush();
    }
  }

  private void exportNewest(RocksStore store, PrintWriter out) {
    try (Snapshot snapshot = store.snapshot()) {
      for (Optional<Snapshot.Placed> next = snapshot.next();
          next.isPresent();
          next = snapshot.next()) {
        Entry entry = next.get().entry();
        if (entry.version().number() > after
            && !next.get().namespace().equals(NamespaceId.SYSTEM)) {
          ObjectNode json = JSON.createObjectNode();
          json.put("version", entry.version().number());
          json.put("namespace", next.get().namespace().hex());
          put(json, entry.key(), entry.value(), entry.metadata(), entry.expiry());
          out.println(JSON.writeValueAsString(json));
        }
      }
    }
  }

  private void export(RocksStore store, PrintWriter out) {
    var last = new Version(after);
    while (true) {
      switch (store.read(last, PAGE)) {
        case FeedRead.Trimmed(Version horizon) ->
            throw new InvalidRequestException(
                "the feed begins at version "
                    + horizon
                    + ", so --after must be at least "
                    + horizon
                    + ". Of what was changed before, --newest writes the newest values");
        case FeedRead.Changes(var changes) when changes.isEmpty() -> {
          return;
        }
        case FeedRead.Changes(var changes) -> {
          for (Change change : changes) {
            if (!change.namespace().equals(NamespaceId.SYSTEM)) {
              out.println(JSON.writeValueAsString(json(change)));
            }
          }
          last = changes.getLast().version();
        }
      }
    }
  }

  private static void put(ObjectNode json, Key key, Value value, Metadata metadata, Expiry expiry) {
    json.put("type", "put");
    json.put("key", key.name());
    json.put("value_base64", Base64.getEncoder().encodeToString(value.bytes().toArray()));
    if (expiry instanceof Expiry.At at) {
      json.put("expiration", at.wholeSecond());
    }
    if (metadata.isPresent()) {
      json.putRawValue("metadata", new RawValue(metadata.json().utf8()));
    }
  }

  private static ObjectNode json(Change change) {
    ObjectNode json = JSON.createObjectNode();
    json.put("version", change.version().number());
    json.put("at", change.at().toString());
    json.put("namespace", change.namespace().hex());
    switch (change.mutation()) {
      case Mutation.Put put -> put(json, put.key(), put.value(), put.metadata(), put.expiry());
      case Mutation.Delete(var key) -> {
        json.put("type", "delete");
        json.put("key", key.name());
      }
      case Mutation.Clear(var prefix) -> {
        json.put("type", "clear");
        json.put("prefix", prefix.utf8());
      }
    }
    return json;
  }
}
