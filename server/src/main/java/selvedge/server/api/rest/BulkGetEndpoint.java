package selvedge.server.api.rest;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;
import selvedge.model.Entry;
import selvedge.model.Expiry;
import selvedge.model.InvalidKeyException;
import selvedge.model.Key;
import selvedge.model.Limit;
import selvedge.model.Limits;
import selvedge.model.Lookup;
import selvedge.model.Namespace;
import selvedge.model.Value;
import selvedge.server.api.Json;
import selvedge.server.api.Keys;
import selvedge.server.api.MeasuredStream;
import selvedge.server.api.Request;
import selvedge.server.api.Response;
import selvedge.server.api.Spool;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.exc.JacksonIOException;

/**
 * {@code …/bulk/get}.
 *
 * <p>The answer is made whole before any of it is sent, because the last value may turn out not to
 * be text. Values pass through one after the other and none is held.
 */
final class BulkGetEndpoint {
  private static final String OPERATION = "bulk get keys";

  private final Limits limits;
  private final Path spool;

  /** What is asked for. */
  private record Question(Set<Key> keys, boolean json, boolean withMetadata) {}

  BulkGetEndpoint(Limits limits, Path spool) {
    this.limits = limits;
    this.spool = spool;
  }

  Response get(Request request, Namespace namespace, BulkEndpoint.Counting counting)
      throws IOException {
    Question question = question(request);
    counting.expect(question.keys().size());
    var answer = new Spool(spool);
    boolean done = false;
    try {
      Json.write(answer, json -> write(json, namespace, question));
      done = true;
    } finally {
      if (!done) {
        answer.close();
      }
    }
    return Response.of(200, answer.body(), new Response.Header("Content-Type", Json.CONTENT_TYPE));
  }

  private Question question(Request request) throws IOException {
    InputStream body = MeasuredStream.bodyOf(request, limits.get(Limit.JSON_BODY_BYTES));
    try {
      return Json.read(body, this::question);
    } catch (JacksonException e) {
      throw malformed("the body is not JSON: " + e.getOriginalMessage());
    }
  }

  private Question question(JsonParser json) {
    Set<Key> keys = new LinkedHashSet<>();
    String type = "text";
    boolean withMetadata = false;
    if (json.nextToken() != JsonToken.START_OBJECT) {
      throw malformed("the body is not a JSON object");
    }
    while (json.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = json.currentName();
      JsonToken token = json.nextToken();
      switch (name) {
        case "keys" -> readKeys(json, token, keys);
        case "type" -> type = json.getString();
        case "withMetadata" -> withMetadata = token == JsonToken.VALUE_TRUE;
        default -> json.skipChildren();
      }
    }
    if (json.nextToken() != null) {
      throw malformed("something follows the object");
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
      keys.add(key(json.getString(), count - 1));
    }
  }

  private Key key(String name, int index) {
    try {
      return Keys.of(name, limits);
    } catch (InvalidKeyException e) {
      throw RestErrors.of(e, OPERATION + ": key " + index);
    }
  }

  private static RestFailure malformed(String what) {
    return new RestFailure(400, 10012, OPERATION + ": '" + what + "'");
  }

  private static RestFailure invalid(String what) {
    return new RestFailure(400, 10029, OPERATION + ": '" + what + "'");
  }

  private void write(JsonGenerator json, Namespace namespace, Question question) {
    Envelope.open(json);
    json.writeStartObject();
    json.writeObjectPropertyStart("values");
    long bytes = 0;
    for (Key key : question.keys()) {
      json.writeName(key.name());
      switch (namespace.get(key)) {
        case Lookup.Missing _ -> json.writeNull();
        case Lookup.Found(Entry entry, var _) -> {
          bytes += entry.value().length();
          requireRoom(bytes);
          write(json, entry, question);
        }
      }
    }
    json.writeEndObject();
    json.writeEndObject();
    json.writeEndObject();
  }

  private void requireRoom(long bytes) {
    long most = limits.get(Limit.BULK_GET_BYTES);
    if (bytes > most) {
      throw new RestFailure(
          413,
          10024,
          OPERATION + ": 'Total size of request exceeds the limit of " + most / (1 << 20) + "MB'");
    }
  }

  private static void write(JsonGenerator json, Entry entry, Question question) {
    if (!question.withMetadata()) {
      writeValue(json, entry.value(), question.json());
      return;
    }
    json.writeStartObject();
    json.writeName("value");
    writeValue(json, entry.value(), question.json());
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
    try {
      if (asJson) {
        writeJson(json, value);
      } else {
        writeText(json, value);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void writeJson(JsonGenerator json, Value value) throws IOException {
    try (InputStream once = value.open();
        InputStream again = value.open()) {
      if (!Json.isJson(once)) {
        throw invalid("At least one of the requested keys corresponds to a non-json value");
      }
      Json.writeRaw(json, again);
    }
  }

  private static void writeText(JsonGenerator json, Value value) throws IOException {
    try (Reader text = new InputStreamReader(value.open(), StandardCharsets.UTF_8.newDecoder())) {
      json.writeString(text, -1);
    } catch (JacksonIOException e) {
      if (e.getCause() instanceof CharacterCodingException) {
        throw invalid("At least one of the requested keys corresponds to a non-text value");
      }
      throw e.getCause();
    }
  }
}
