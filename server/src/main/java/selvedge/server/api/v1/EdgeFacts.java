package selvedge.server.api.v1;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import selvedge.model.Bytes;
import selvedge.model.InvalidRequestException;
import selvedge.server.audit.Act;
import selvedge.server.audit.Audit;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;

/**
 * What an edge knows and its origin must learn: administrative acts and uses of tokens.
 *
 * @param number names this report in the answer that confirms it
 * @param acts the oldest that no origin has recorded
 * @param uses the last use of tokens by id
 * @param numbers a frame of the analytics; empty for none
 */
public record EdgeFacts(long number, List<Act> acts, Map<String, Instant> uses, Bytes numbers) {
  public static final int ACTS_MAX = 50;
  public static final int USES_MAX = 1000;
  private static final String NUMBERS = "numbers";

  /** Receives the facts of an edge that follows this server. */
  public interface Receiver {

    /** Returns the number of the last frame of the analytics that the edge need not send again. */
    long take(EdgeFacts facts);
  }

  public EdgeFacts {
    acts = List.copyOf(acts);
    uses = Map.copyOf(uses);
  }

  public boolean isEmpty() {
    return acts.isEmpty() && uses.isEmpty() && numbers.isEmpty();
  }

  /** Writes the facts as members of the current JSON object. */
  public void write(JsonGenerator json) {
    json.writeNumberProperty("number", number);
    json.writeArrayPropertyStart("acts");
    for (Act act : acts) {
      json.writeStartObject();
      Audit.write(json, act);
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeObjectPropertyStart("token_use");
    uses.forEach((id, moment) -> json.writeStringProperty(id, moment.toString()));
    json.writeEndObject();
    if (!numbers.isEmpty()) {
      json.writeStringProperty(NUMBERS, Base64.getEncoder().encodeToString(numbers.toArray()));
    }
  }

  /**
   * Reads the facts of an edge. Only acts that name an edge are accepted, so that no edge can
   * invent acts at the origin.
   */
  static EdgeFacts read(JsonNode json) {
    List<Act> acts = new ArrayList<>();
    Map<String, Instant> uses = new HashMap<>();
    try {
      for (JsonNode each : json.path("acts")) {
        acts.add(Audit.read(each));
      }
      json.path("token_use")
          .properties()
          .forEach(use -> uses.put(use.getKey(), Instant.parse(use.getValue().asString(""))));
    } catch (DateTimeException e) {
      throw invalid("has a wrong time: " + e.getMessage());
    }
    if (acts.size() > ACTS_MAX || uses.size() > USES_MAX) {
      throw invalid("may have at most " + ACTS_MAX + " acts and " + USES_MAX + " uses of tokens");
    }
    if (acts.stream().anyMatch(act -> act.server().isEmpty())) {
      throw invalid("has an act without the location of the edge");
    }
    return new EdgeFacts(json.path("number").asLong(0), acts, uses, numbers(json));
  }

  private static Bytes numbers(JsonNode json) {
    try {
      return Bytes.adopt(Base64.getDecoder().decode(json.path(NUMBERS).asString("")));
    } catch (IllegalArgumentException e) {
      throw invalid("has numbers that are not base64");
    }
  }

  private static InvalidRequestException invalid(String fault) {
    return new InvalidRequestException("the member facts of the report of an edge " + fault);
  }
}
