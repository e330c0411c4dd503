package selvedge.server.api.graphql;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;
import selvedge.model.Bytes;
import selvedge.model.InvalidRequestException;
import selvedge.model.Limit;
import selvedge.model.Limits;
import selvedge.model.Namespaces;
import selvedge.server.access.Caller;
import selvedge.server.analytics.Analytics;
import selvedge.server.analytics.HeldMemory;
import selvedge.server.api.Body;
import selvedge.server.api.HeaderNames;
import selvedge.server.api.Json;
import selvedge.server.api.Request;
import selvedge.server.api.Response;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;

/**
 * {@code /client/v4/graphql}: queries for analytics. Safe for use by many threads.
 *
 * <p>The library is loaded with the first query, because most servers get none.
 */
public final class GraphqlEndpoint {
  private final Analytics analytics;
  private final Namespaces namespaces;
  private final int bodyBytesMax;
  private volatile @Nullable QueryEngine engine;

  public GraphqlEndpoint(Analytics analytics, Namespaces namespaces, Limits limits) {
    this.analytics = analytics;
    this.namespaces = namespaces;
    this.bodyBytesMax = limits.size(Limit.JSON_BODY_BYTES);
  }

  /**
   * Executes a query. Errors of a query are members of the answer, whose status is 200.
   *
   * @throws InvalidRequestException if the body is no query
   */
  public Response answer(Request request, Caller caller) throws IOException {
    QueryEngine.Question question = question(request);
    Map<String, Object> result =
        engine().execute(question, caller, new HeldMemory(request.memory()));
    return Response.of(
        200,
        new Body.Held(
            Json.bytes(
                json -> {
                  json.writeStartObject();
                  json.writeName("data");
                  write(json, result.get("data"));
                  json.writeName("errors");
                  write(json, result.get("errors"));
                  json.writeEndObject();
                })),
        new Response.Header(HeaderNames.CONTENT_TYPE, Json.CONTENT_TYPE));
  }

  private QueryEngine engine() {
    QueryEngine known = engine;
    if (known == null) {
      // Two threads may create it at the same time; one is dropped.
      known =
          ServiceLoader.load(QueryEngine.Factory.class)
              .findFirst()
              .orElseThrow(() -> new InvalidRequestException("this program has no GraphQL"))
              .open(analytics, namespaces);
      engine = known;
    }
    return known;
  }

  private QueryEngine.Question question(Request request) throws IOException {
    byte[] body = request.body().readNBytes(bodyBytesMax + 1);
    if (body.length > bodyBytesMax) {
      throw new InvalidRequestException(
          "the body of a query must have at most " + bodyBytesMax + " bytes");
    }
    try {
      JsonNode json = Json.tree(Bytes.adopt(body));
      String query = json.path("query").asString("");
      if (!query.isEmpty() && value(json.path("variables")) instanceof Map<?, ?> variables) {
        Map<String, @Nullable Object> named = new LinkedHashMap<>();
        variables.forEach((name, value) -> named.put(String.valueOf(name), value));
        return new QueryEngine.Question(query, json.path("operationName").asString(""), named);
      }
    } catch (JacksonException e) {
      throw noQuery();
    }
    throw noQuery();
  }

  private static InvalidRequestException noQuery() {
    return new InvalidRequestException(
        "the body must be a JSON object with the member query, a text, and, if needed, variables,"
            + " an object");
  }

  private static @Nullable Object value(JsonNode json) {
    if (json.isArray()) {
      List<@Nullable Object> values = new ArrayList<>();
      json.forEach(each -> values.add(value(each)));
      return values;
    }
    if (json.isObject() || json.isMissingNode() || json.isNull()) {
      Map<String, @Nullable Object> members = new LinkedHashMap<>();
      json.properties().forEach(each -> members.put(each.getKey(), member(each.getValue())));
      return members;
    }
    if (json.isIntegralNumber()) {
      return json.asLong(0);
    }
    if (json.isNumber()) {
      return json.asDouble(0);
    }
    return json.isBoolean() ? json.asBoolean() : json.asString("");
  }

  private static @Nullable Object member(JsonNode json) {
    return json.isNull() ? null : value(json);
  }

  private static void write(JsonGenerator json, @Nullable Object value) {
    switch (value) {
      case null -> json.writeNull();
      case Map<?, ?> members -> {
        json.writeStartObject();
        members.forEach(
            (name, member) -> {
              json.writeName(String.valueOf(name));
              write(json, member);
            });
        json.writeEndObject();
      }
      case List<?> values -> {
        json.writeStartArray();
        values.forEach(each -> write(json, each));
        json.writeEndArray();
      }
      case Boolean truth -> json.writeBoolean(truth);
      case Double number -> json.writeNumber(number);
      case Number number -> json.writeNumber(number.longValue());
      default -> json.writeString(value.toString());
    }
  }
}
