package selvedge.server.api.shared;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import selvedge.model.Entry;
import selvedge.model.Expiry;
import selvedge.model.InvalidKeyException;
import selvedge.model.Key;
import selvedge.model.Limit;
import selvedge.model.Limits;
import selvedge.model.Lookup;
import selvedge.model.Namespace;
import selvedge.model.ReadOptions;
import selvedge.model.Value;
import selvedge.server.api.HeaderNames;
import selvedge.server.api.Json;
import selvedge.server.api.Keys;
import selvedge.server.api.Memory;
import selvedge.server.api.Request;
import selvedge.server.api.Response;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.exc.JacksonIOException;

/**
 * Answers with many values as JSON.
 *
 * <p>The answer is complete before it is sent, because the last value may turn out not to be text.
 * It reads a bounded number of keys at a time, fewer if memory is short, and large values in
 * pieces.
 */
public final class BulkGet {
  private static final int KEYS_AT_ONCE = 100;
  private static final int KEYS_AT_ONCE_MIN = 16;

  /** The memory of an answer beside the values: its spool, and pieces of a large value. */
  private static final long ANSWER_BYTES = 768 * 1024;

  private final Limits limits;
  private final Spools spools;
  private final boolean withExpiration;

  /**
   * The keys and options of a request.
   *
   * @param json whether values are JSON and not text
   * @param cacheTtl as it was sent; empty if it was not
   */
  public record Question(Set<Key> keys, boolean json, boolean withMetadata, String cacheTtl) {
    public Question {
      keys = Collections.unmodifiableSet(new LinkedHashSet<>(keys));
    }
  }

  /** How a protocol embeds the values in its answer. */
  public interface Framing {

    /**
     * Writes the whole document.
     *
     * @param values writes the object of values by key
     */
    void write(JsonGenerator json, Json.Writing values);
  }

  /**
   * @param spools stores answers that are too large for memory
   * @param withExpiration whether metadata comes with the expiry
   */
  public BulkGet(Limits limits, Spools spools, boolean withExpiration) {
    this.limits = limits;
    this.spools = spools;
    this.withExpiration = withExpiration;
  }

  public Response answer(
      Request request, Namespace namespace, Question question, ReadOptions options, Framing framing)
      throws IOException {
    int atOnce = keysAtOnce(request.memory(), question.keys().size(), limits, ANSWER_BYTES);
    var answer = spools.open(request.owner());
    boolean done = false;
    try {
      Json.write(
          answer,
          json -> framing.write(json, inner -> write(inner, namespace, question, options, atOnce)));
      done = true;
    } finally {
      if (!done) {
        answer.close();
      }
    }
    request.memory().shrink(ANSWER_BYTES);
    return Response.of(
        200, answer.body(), new Response.Header(HeaderNames.CONTENT_TYPE, Json.CONTENT_TYPE));
  }

  /**
   * Holds memory for the values of some keys and for the rest of the answer, and returns the number
   * of keys that may be read at once.
   */
  public static int keysAtOnce(Memory memory, int keys, Limits limits, long beside) {
    int most = Math.min(keys, KEYS_AT_ONCE);
    long value = limits.get(Limit.INLINE_BYTES);
    if (memory.tryHold(beside + most * value)) {
      return Math.max(1, most);
    }
    int least = Math.min(keys, KEYS_AT_ONCE_MIN);
    memory.hold(beside + least * value);
    return Math.max(1, least);
  }

  public Question read(Request request) throws IOException {
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
    String cacheTtl = "";
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
        case "cacheTtl" -> cacheTtl = token.isScalarValue() ? json.getString() : "NaN";
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
    return new Question(keys, type.equals("json"), withMetadata, cacheTtl);
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
      throw new BulkKeyException(index, e);
    }
  }

  private static BulkGetException malformed(String problem) {
    return new BulkGetException(BulkGetException.Reason.MALFORMED, problem);
  }

  private static BulkGetException invalid(String problem) {
    return new BulkGetException(BulkGetException.Reason.INVALID, problem);
  }

  private void write(
      JsonGenerator json, Namespace namespace, Question question, ReadOptions options, int atOnce) {
    json.writeStartObject();
    long bytes = 0;
    List<Key> keys = List.copyOf(question.keys());
    for (int from = 0; from < keys.size(); from += atOnce) {
      List<Key> some = keys.subList(from, Math.min(keys.size(), from + atOnce));
      Iterator<Key> names = some.iterator();
      for (Lookup lookup : namespace.getAll(some, options)) {
        json.writeName(names.next().name());
        switch (lookup) {
          case Lookup.Missing _ -> json.writeNull();
          case Lookup.Found(Entry entry, var _) -> {
            bytes += entry.value().length();
            requireRoom(bytes);
            write(json, entry, question);
          }
        }
      }
    }
    json.writeEndObject();
  }

  private void requireRoom(long bytes) {
    long most = limits.get(Limit.BULK_GET_BYTES);
    if (bytes > most) {
      throw new BulkGetException(
          BulkGetException.Reason.TOO_LARGE,
          "Total size of request exceeds the limit of " + most / (1 << 20) + "MB");
    }
  }

  private void write(JsonGenerator json, Entry entry, Question question) {
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
    if (withExpiration && entry.expiry() instanceof Expiry.At at) {
      json.writeNumberProperty("expiration", at.wholeSecond());
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
