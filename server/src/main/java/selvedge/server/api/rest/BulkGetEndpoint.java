package selvedge.server.api.rest;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import selvedge.model.Bytes;
import selvedge.model.Entry;
import selvedge.model.Expiry;
import selvedge.model.Key;
import selvedge.model.Limit;
import selvedge.model.Limits;
import selvedge.model.Lookup;
import selvedge.model.Namespace;
import selvedge.model.Value;
import selvedge.server.api.Body;
import selvedge.server.api.Json;
import selvedge.server.api.Keys;
import selvedge.server.api.MeasuredStream;
import selvedge.server.api.Request;
import selvedge.server.api.Response;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * {@code …/bulk/get}.
 *
 * <p>Values are looked at twice: once to see that all of them can be shown as asked, and once to
 * send them. None is held in memory that does not lie there already.
 */
final class BulkGetEndpoint {
  private static final String OPERATION = "bulk get keys";

  private final Limits limits;

  /** What is asked for. */
  private record Question(Set<Key> keys, boolean json, boolean withMetadata) {}

  BulkGetEndpoint(Limits limits) {
    this.limits = limits;
  }

  Response get(Request request, Namespace namespace, BulkEndpoint.Counting counting) {
    Question question = question(request);
    counting.expect(question.keys().size());
    Map<Key, Lookup> found = new LinkedHashMap<>();
    long bytes = 0;
    for (Key key : question.keys()) {
      Lookup lookup = namespace.get(key);
      found.put(key, lookup);
      if (lookup instanceof Lookup.Found(Entry entry, var _)) {
        bytes += entry.value().length();
      }
    }
    if (bytes > limits.get(Limit.BULK_GET_BYTES)) {
      throw new RestFailure(
          413, 10024, OPERATION + ": 'Total size of request exceeds the limit of 25MB'");
    }
    for (Lookup lookup : found.values()) {
      if (lookup instanceof Lookup.Found(Entry entry, var _)) {
        requireShowable(entry.value(), question.json());
      }
    }
    return Response.of(
        200,
        new Body.Written(out -> Json.write(out, json -> write(json, found, question))),
        new Response.Header("Content-Type", Json.CONTENT_TYPE));
  }

  private Question question(Request request) {
    Set<Key> keys = new LinkedHashSet<>();
    String type = "text";
    boolean withMetadata = false;
    var body = new MeasuredStream(request.body(), limits.get(Limit.JSON_BODY_BYTES));
    try (JsonParser json = Json.parser(body)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw malformed("the body is not a JSON object");
      }
      while (json.nextToken() == JsonToken.PROPERTY_NAME) {
        String name = json.currentName();
        JsonToken token = json.nextToken();
        switch (name) {
          case "keys" -> readKeys(json, token, keys);
          case "type" -> type = token == JsonToken.VALUE_STRING ? json.getString() : "";
          case "withMetadata" -> withMetadata = token == JsonToken.VALUE_TRUE;
          default -> json.skipChildren();
        }
      }
    } catch (JacksonException e) {
      throw malformed("the body is not JSON: " + e.getOriginalMessage());
    }
    if (keys.isEmpty()) {
      throw invalid("You must request a minimum of 1 key");
    }
    if (!type.equals("text") && !type.equals("json")) {
      throw invalid("\"" + type + "\" is not a valid type. Use \"json\" or \"text\"");
    }
    return new Question(keys, type.equals("json"), withMetadata);
  }

  private void readKeys(JsonParser json, JsonToken start, Set<Key> keys) {
    if (start != JsonToken.START_ARRAY) {
      throw malformed("keys is not an array");
    }
    long most = limits.get(Limit.BULK_GET_KEYS);
    int count = 0;
    for (JsonToken token = json.nextToken();
        token != JsonToken.END_ARRAY;
        token = json.nextToken()) {
      if (token != JsonToken.VALUE_STRING) {
        throw malformed("key " + count + " is not a string");
      }
      if (++count > most) {
        throw invalid("You can request a maximum of " + most + " keys");
      }
      keys.add(Keys.of(Bytes.utf8(json.getString()), limits));
    }
  }

  private static RestFailure malformed(String what) {
    return new RestFailure(400, 10012, OPERATION + ": '" + what + "'");
  }

  private static RestFailure invalid(String what) {
    return new RestFailure(400, 10029, OPERATION + ": '" + what + "'");
  }

  private static void requireShowable(Value value, boolean asJson) {
    try (InputStream stream = value.open()) {
      if (asJson && !Json.isJson(stream)) {
        throw invalid("At least one of the requested keys corresponds to a non-json value");
      }
      if (!asJson && !isText(stream)) {
        throw invalid("At least one of the requested keys corresponds to a non-text value");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isText(InputStream stream) throws IOException {
    try (Reader reader = new InputStreamReader(stream, StandardCharsets.UTF_8.newDecoder())) {
      reader.transferTo(Writer.nullWriter());
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  private static void write(JsonGenerator json, Map<Key, Lookup> found, Question question) {
    json.writeStartObject();
    json.writeBooleanProperty("success", true);
    json.writeArrayPropertyStart("errors");
    json.writeEndArray();
    json.writeArrayPropertyStart("messages");
    json.writeEndArray();
    json.writeObjectPropertyStart("result");
    json.writeObjectPropertyStart("values");
    found.forEach(
        (key, lookup) -> {
          json.writeName(key.name());
          switch (lookup) {
            case Lookup.Missing _ -> json.writeNull();
            case Lookup.Found(Entry entry, var _) when question.withMetadata() ->
                writeEntry(json, entry, question.json());
            case Lookup.Found(Entry entry, var _) ->
                writeValue(json, entry.value(), question.json());
          }
        });
    json.writeEndObject();
    json.writeEndObject();
    json.writeEndObject();
  }

  private static void writeEntry(JsonGenerator json, Entry entry, boolean asJson) {
    json.writeStartObject();
    json.writeName("value");
    writeValue(json, entry.value(), asJson);
    json.writeName("metadata");
    if (entry.metadata().isPresent()) {
      Json.writeRaw(json, entry.metadata().json());
    } else {
      json.writeNull();
    }
    if (entry.expiry() instanceof Expiry.At(var instant)) {
      json.writeNumberProperty("expiration", instant.getEpochSecond());
    }
    json.writeEndObject();
  }

  private static void writeValue(JsonGenerator json, Value value, boolean asJson) {
    try (InputStream stream = value.open()) {
      if (asJson) {
        try (JsonParser in = Json.parser(stream)) {
          in.nextToken();
          json.copyCurrentStructureExact(in);
        }
      } else {
        json.writeString(new InputStreamReader(stream, StandardCharsets.UTF_8), -1);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
