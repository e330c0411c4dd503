package selvedge.server.audit;

import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import selvedge.model.Bytes;
import selvedge.server.api.Json;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;

/** Acts as JSON: in the store, in answers and in the log. */
final class ActCodec {
  private ActCodec() {}

  static Bytes encode(Act act) {
    return Json.bytes(
        json -> {
          json.writeStartObject();
          write(json, act);
          json.writeEndObject();
        });
  }

  /** Writes the act as members of the current JSON object. */
  static void write(JsonGenerator json, Act act) {
    json.writeStringProperty("time", act.moment().toString());
    json.writeStringProperty("actor", act.actor());
    json.writeStringProperty("address", act.address());
    if (!act.server().isEmpty()) {
      json.writeStringProperty("server", act.server());
    }
    json.writeStringProperty("operation", act.operation());
    json.writeStringProperty("target", act.target());
    json.writeNumberProperty("status", act.status());
    if (!act.result().isEmpty()) {
      json.writeObjectPropertyStart("result");
      new TreeMap<>(act.result()).forEach(json::writeStringProperty);
      json.writeEndObject();
    }
    if (act.leftOut() > 0) {
      json.writeNumberProperty("left_out", act.leftOut());
    }
  }

  static Act decode(Bytes stored) {
    return read(Json.tree(stored));
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws java.time.DateTimeException if there is no valid time
   */
  static Act read(JsonNode json) {
    Map<String, String> result = new TreeMap<>();
    json.path("result")
        .properties()
        .forEach(member -> result.put(member.getKey(), member.getValue().asString()));
    return new Act(
        Instant.parse(json.path("time").asString("")),
        json.path("actor").asString(""),
        json.path("address").asString(""),
        json.path("operation").asString(""),
        json.path("target").asString(""),
        result,
        json.path("status").asInt(0),
        json.path("left_out").asLong(0),
        json.path("server").asString(""));
  }
}
