package selvedge.server.api.rest;

import java.util.Set;
import selvedge.model.NamespaceMode;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.exc.StreamReadException;

/**
 * The namespace that the body of a request describes.
 *
 * @param title empty if there is none that is valid
 * @param mode empty for none
 * @param jurisdiction empty for none
 */
record Definition(String title, String mode, String jurisdiction) {
  private static final Set<String> JURISDICTIONS = Set.of("eu", "fedramp", "us");

  static Definition read(JsonParser json) {
    JsonToken start = json.nextToken();
    if (start == null) {
      throw new StreamReadException(json, "nothing is there");
    }
    String title = "";
    String mode = "";
    String jurisdiction = "";
    if (start != JsonToken.START_OBJECT) {
      json.skipChildren();
    } else {
      while (json.nextToken() == JsonToken.PROPERTY_NAME) {
        String name = json.currentName();
        JsonToken value = json.nextToken();
        switch (name) {
          case "title" -> title = value == JsonToken.VALUE_STRING ? json.getString() : "";
          case "mode" -> mode = option(json, value);
          case "jurisdiction" -> jurisdiction = option(json, value);
          default -> {}
        }
        json.skipChildren();
      }
    }
    if (json.nextToken() != null) {
      throw new StreamReadException(json, "something follows");
    }
    return new Definition(title, mode, jurisdiction);
  }

  /** Returns the text of an optional member; for a value of another type, its first token. */
  private static String option(JsonParser json, JsonToken value) {
    return value == JsonToken.VALUE_NULL ? "" : json.getString();
  }

  NamespaceMode requireMode() {
    if (mode.isEmpty()) {
      return NamespaceMode.UNSET;
    }
    return NamespaceMode.of(mode)
        .orElseThrow(() -> invalid("mode is instant or classic, not " + mode));
  }

  void requireNoJurisdiction() {
    if (JURISDICTIONS.contains(jurisdiction)) {
      throw invalid(
          "this server cannot keep data in the jurisdiction "
              + jurisdiction
              + ": run it where the data must stay, and leave jurisdiction out");
    }
    if (!jurisdiction.isEmpty()) {
      throw invalid("jurisdiction must be eu, fedramp or us, got " + jurisdiction);
    }
  }

  private static RestFailure invalid(String reason) {
    return new RestFailure(400, 10019, "create namespace: '" + reason + "'");
  }
}
