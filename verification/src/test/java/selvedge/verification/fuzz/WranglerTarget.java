package selvedge.verification.fuzz;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine;
import selvedge.cli.worker.WorkerConfigCommand;
import selvedge.model.SelvedgeException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Fuzzes the configuration of Workers. A file is refused with a message, or every text of it is
 * inside of a string of the configuration for workerd.
 */
public final class WranglerTarget {
  /** Begins every text that comes from the fuzzed file. */
  private static final String MARK = "Zq9";

  private static final Path FOLDER = folder();
  private static final JsonMapper JSON = JsonMapper.shared();

  private WranglerTarget() {}

  private static Path folder() {
    try {
      Path folder = Files.createTempDirectory("selvedge-fuzz");
      Files.writeString(folder.resolve("index.js"), "export default {};");
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Called for each input. */
  public static void fuzzerTestOneInput(FuzzedDataProvider data) throws IOException {
    boolean toml = data.consumeBoolean();
    boolean raw = data.consumeInt(0, 3) == 0;
    Path file = FOLDER.resolve(toml ? "wrangler.toml" : "wrangler.jsonc");
    Path out = FOLDER.resolve("worker.capnp");
    Files.deleteIfExists(out);
    String text = toml ? toml(data) : json(data);
    Files.writeString(file, raw ? damaged(data, text) : text);
    Throwable[] failure = new Throwable[1];
    var printed = new StringWriter();
    int exit =
        new CommandLine(new WorkerConfigCommand())
            .setOut(new PrintWriter(printed))
            .setErr(new PrintWriter(printed))
            .setExecutionExceptionHandler(
                (e, _, _) -> {
                  failure[0] = e;
                  return 1;
                })
            .execute(file.toString(), "--out", out.toString());
    if (failure[0] != null && !(failure[0] instanceof SelvedgeException)) {
      throw new AssertionError("the file fails with " + failure[0], failure[0]);
    }
    if (exit == 0) {
      requireQuoted(Files.readString(out));
    }
  }

  private static String text(FuzzedDataProvider data) {
    return MARK
        + (data.consumeBoolean()
            ? data.consumeString(12)
            : data.pickValue(
                List.of("\"", "\\", "\n", "\r\n(", "\u2028", "),(", "# ", "\u0000", "\u007f")));
  }

  private static String json(FuzzedDataProvider data) {
    return """
    {"name": %s, "main": "index.js", "no_bundle": true, "compatibility_date": %s,
     "compatibility_flags": [%s], "vars": {%s: %s, "n": 1, "j": {"a": %s}},
     "kv_namespaces": [{"binding": %s, "id": %s}], "text_blobs": {%s: %s},
     "%s": %s} // end
    """
        .formatted(
            quoted(data),
            data.consumeBoolean() ? "\"2026-01-01\"" : quoted(data),
            quoted(data),
            quoted(data),
            quoted(data),
            quoted(data),
            quoted(data),
            data.consumeBoolean() ? "\"" + "0".repeat(32) + "\"" : quoted(data),
            quoted(data),
            quoted(data),
            data.pickValue(List.of("rules", "env", "triggers", "assets", "durable_objects", "x")),
            data.pickValue(List.of("[]", "{}", "1", "null", "\"s\"", "[{\"a\": 1}]")));
  }

  private static String quoted(FuzzedDataProvider data) {
    return JSON.writeValueAsString(text(data));
  }

  private static String toml(FuzzedDataProvider data) {
    return """
    name = %s
    main = "index.js"
    no_bundle = true
    compatibility_date = "2026-01-01"
    [vars]
    %s = %s
    [[kv_namespaces]]
    binding = %s
    id = "%s"
    """
        .formatted(quoted(data), quoted(data), quoted(data), quoted(data), "0".repeat(32));
  }

  private static String damaged(FuzzedDataProvider data, String text) {
    var damaged = new StringBuilder(text);
    damaged.insert(data.consumeInt(0, text.length()), data.consumeString(6));
    return damaged.toString();
  }

  /** Removes the strings and comments, and looks for texts of the file in the rest. */
  private static void requireQuoted(String capnp) {
    String rest =
        capnp.replaceAll("\"(?:[^\"\\\\\\n]|\\\\.)*+\"", "").replaceAll("(?m)^\\s*#[^\\n]*", "");
    if (rest.contains(MARK) || rest.contains("\"")) {
      throw new AssertionError("a text of the file is outside of a string:\n" + capnp);
    }
  }
}
