package selvedge.server.api.rest;

import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import selvedge.model.Bytes;
import selvedge.model.Key;
import selvedge.model.Limit;
import selvedge.model.LimitExceededException;
import selvedge.model.Limits;
import selvedge.model.Metadata;
import selvedge.model.Mutation;
import selvedge.model.SelvedgeException;
import selvedge.model.Value;
import selvedge.model.WriteOptions;
import selvedge.server.api.Json;
import selvedge.server.api.Keys;
import selvedge.server.api.shared.Expirations;
import selvedge.server.api.shared.MetadataText;
import selvedge.server.api.shared.Spool;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Reads the array of a bulk put, one pair at a time. A large value stays in the spool. */
final class BulkPairs {
  private static final String OPERATION = "bulk put";
  private static final int METADATA_CHARACTERS_MAX = 1 << 20;
  private static final long NONE = -1;

  private final Spool body;
  private final Limits limits;
  private final InstantSource clock;
  private final Instant start;

  /** Receives the pairs one by one. */
  interface Sink {
    void take(Mutation.Put pair) throws IOException;
  }

  BulkPairs(Spool body, Limits limits, InstantSource clock) {
    this.body = body;
    this.limits = limits;
    this.clock = clock;
    this.start = clock.instant();
  }

  /**
   * Passes all pairs to the sink and returns their number. The time to live of a pair starts when
   * the sink receives the pair. A moment is checked against the time at which this reader was made,
   * so that a second reading accepts what the first one has accepted.
   */
  int read(Sink sink) throws IOException {
    try {
      return Json.read(body.open(), json -> read(json, sink));
    } catch (JacksonException e) {
      throw malformed("the body is not JSON: " + e.getOriginalMessage());
    }
  }

  private int read(JsonParser json, Sink sink) throws IOException {
    if (json.nextToken() != JsonToken.START_ARRAY) {
      throw malformed("the body is not a JSON array");
    }
    long most = limits.get(Limit.BULK_PAIRS);
    int count = 0;
    for (JsonToken token = json.nextToken();
        token != JsonToken.END_ARRAY;
        token = json.nextToken()) {
      if (token != JsonToken.START_OBJECT) {
        throw malformed("pair " + count + " is not an object");
      }
      if (count < most) {
        sink.take(pair(fields(json, count), count));
      } else {
        json.skipChildren();
      }
      count++;
    }
    if (json.nextToken() != null) {
      throw malformed("something follows the array");
    }
    if (count > most) {
      throw malformed(
          "received " + count + " key/value pairs, but max allowed per request is: " + most);
    }
    return count;
  }

  /** The members of one element of the array. */
  private static final class Fields {
    private @Nullable String key;
    private long valueStart = NONE;
    private long valueEnd = NONE;
    private @Nullable String expiration;
    private @Nullable String timeToLive;
    private Bytes metadata = Bytes.EMPTY;
    private boolean base64;
  }

  private Fields fields(JsonParser json, int index) {
    var fields = new Fields();
    JsonToken next = json.nextToken();
    while (next == JsonToken.PROPERTY_NAME) {
      field(json, index, fields);
      next = json.nextToken();
      if (fields.valueEnd < fields.valueStart) {
        fields.valueEnd = json.currentLocation().getByteOffset();
      }
    }
    return fields;
  }

  private static void field(JsonParser json, int index, Fields fields) {
    String name = json.currentName();
    JsonToken token = json.nextToken();
    switch (name) {
      case "key" -> fields.key = string(json, token, name, index);
      case "value" -> {
        requireString(token, name, index);
        fields.valueStart = start(json);
      }
      case "expiration" -> fields.expiration = number(json, token, name, index);
      case "expiration_ttl" -> fields.timeToLive = number(json, token, name, index);
      case "base64" -> {
        if (token != JsonToken.VALUE_NULL && !token.isBoolean()) {
          throw malformed("base64 of pair " + index + " is not true or false");
        }
        fields.base64 = token == JsonToken.VALUE_TRUE;
      }
      case "metadata" -> fields.metadata = Json.copyCurrent(json, METADATA_CHARACTERS_MAX);
      default -> json.skipChildren();
    }
  }

  /** Returns the start of the string, which the parser then skips. */
  private static long start(JsonParser json) {
    long quote = json.currentTokenLocation().getByteOffset();
    if (quote < 0) {
      throw malformed("the body is not UTF-8");
    }
    return quote + 1;
  }

  private static String string(JsonParser json, JsonToken token, String name, int index) {
    requireString(token, name, index);
    return json.getString();
  }

  private static void requireString(JsonToken token, String name, int index) {
    if (token != JsonToken.VALUE_STRING) {
      throw malformed(name + " of pair " + index + " is not a string");
    }
  }

  private static @Nullable String number(JsonParser json, JsonToken token, String name, int index) {
    if (token == JsonToken.VALUE_NULL) {
      return null;
    }
    if (token != JsonToken.VALUE_NUMBER_INT && token != JsonToken.VALUE_STRING) {
      throw malformed(name + " of pair " + index + " is not a whole number");
    }
    return json.getString();
  }

  private Mutation.Put pair(Fields fields, int index) throws IOException {
    if (fields.key == null) {
      throw malformed("pair " + index + " has no key");
    }
    if (fields.valueStart == NONE) {
      throw malformed("pair " + index + " has no value");
    }
    try {
      Key key = Keys.of(fields.key, limits);
      WriteOptions options =
          Expirations.parse(
              Optional.ofNullable(fields.expiration),
              Optional.ofNullable(fields.timeToLive),
              limits.get(Limit.TTL_SECONDS_MIN),
              start);
      Metadata metadata =
          fields.metadata.isEmpty() ? Metadata.NONE : MetadataText.parse(fields.metadata, limits);
      return new Mutation.Put(key, value(fields), metadata, options.expiryFrom(clock.instant()));
    } catch (SelvedgeException e) {
      throw RestErrors.failure(e, OPERATION + ": pair " + index);
    }
  }

  private Value value(Fields fields) throws IOException {
    var text = new SpooledText(body, fields.valueStart, fields.valueEnd, fields.base64);
    Value value = text.inMemory(limits.size(Limit.INLINE_BYTES));
    if (value.length() > limits.get(Limit.VALUE_BYTES)) {
      throw new LimitExceededException(
          "Value length of "
              + value.length()
              + " exceeds limit of "
              + limits.get(Limit.VALUE_BYTES)
              + ".");
    }
    return value;
  }

  private static RestFailure malformed(String problem) {
    return new RestFailure(400, 10012, OPERATION + ": '" + problem + "'");
  }
}
