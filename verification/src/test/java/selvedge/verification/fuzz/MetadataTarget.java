package selvedge.verification.fuzz;

import java.util.regex.Pattern;
import selvedge.model.Bytes;
import selvedge.model.Metadata;
import selvedge.server.api.Json;
import tools.jackson.databind.JsonNode;

/** Fuzzes the check of metadata and compares it with Jackson. */
public final class MetadataTarget {

  /** Jackson refuses numbers of more than 1,000 digits, which RFC 8259 allows. */
  private static final Pattern LONG_NUMBER = Pattern.compile("[0-9.eE+-]{900}");

  private MetadataTarget() {}

  /** Loads Jackson before the first input, whose time is limited. */
  public static void fuzzerInitialize() {
    Json.tree(Bytes.utf8("{}"));
  }

  /** Called for each input. */
  public static void fuzzerTestOneInput(byte[] data) {
    Bytes text = Bytes.copyOf(data);
    if (LONG_NUMBER.matcher(text.utf8()).find()) {
      return;
    }
    Metadata stored = Metadata.stored(text);
    if (stored.isPresent() && stored.isJson() != Json.isJson(text.open())) {
      throw new AssertionError("Jackson disagrees: " + stored.isJson() + " for " + text.hex());
    }
    if (!stored.isPresent()) {
      return;
    }
    Bytes json = stored.json();
    JsonNode answered = Json.tree(json);
    if (stored.isJson() ? !answered.equals(Json.tree(text)) : !isString(answered, text.utf8())) {
      throw new AssertionError(text.hex() + " is returned as " + json.hex());
    }
    for (int i = 0; i < json.size(); i++) {
      if (json.at(i) >= 0 && json.at(i) < ' ') {
        throw new AssertionError("a control character in the JSON of " + text.hex());
      }
    }
  }

  private static boolean isString(JsonNode node, String text) {
    return node.isString() && node.stringValue().equals(text);
  }
}
