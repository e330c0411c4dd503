package selvedge.server.api.rest;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import selvedge.model.Bytes;
import selvedge.model.Expiry;
import selvedge.model.Key;
import selvedge.model.Limit;
import selvedge.model.Limits;
import selvedge.model.Metadata;
import selvedge.model.Mutation;
import selvedge.model.SelvedgeException;
import selvedge.server.api.Expirations;
import selvedge.server.api.Json;
import selvedge.server.api.Keys;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** Reads the array of a bulk put, one pair at a time. */
final class BulkPairs {
  private static final String OPERATION = "bulk put";

  private final Limits limits;
  private final Instant now;

  /** Takes the pairs as they come. */
  interface Sink {
    void take(Mutation.Put pair) throws IOException;
  }

  BulkPairs(Limits limits, Instant now) {
    this.limits = limits;
    this.now = now;
  }

  /** Returns how many pairs there were. */
  int read(InputStream body, Sink sink) throws IOException {
    int count = 0;
    try (JsonParser json = Json.parser(body)) {
      if (json.nextToken() != JsonToken.START_ARRAY) {
        throw malformed("the body is not a JSON array");
      }
      for (JsonToken token = json.nextToken();
          token != JsonToken.END_ARRAY;
          token = json.nextToken()) {
        if (token != JsonToken.START_OBJECT) {
          throw malformed("element " + count + " is not an object");
        }
        Fields fields = fields(json, count);
        count++;
        if (count <= limits.get(Limit.BULK_PAIRS)) {
          sink.take(pair(fields, count - 1));
        }
      }
    } catch (JacksonException e) {
      throw malformed("the body is not JSON after " + count + " pairs: " + e.getOriginalMessage());
    }
    if (count > limits.get(Limit.BULK_PAIRS)) {
      throw malformed(
          "received "
              + count
              + " key/value pairs, but max allowed per request is: "
              + limits.get(Limit.BULK_PAIRS));
    }
    return count;
  }

  /** The members of one element, as they stand in the body. */
  private static final class Fields {
    private @Nullable String key;
    private @Nullable String value;
    private @Nullable String expiration;
    private @Nullable String timeToLive;
    private Bytes metadata = Bytes.EMPTY;
    private boolean base64;
  }

  private Fields fields(JsonParser json, int index) {
    var fields = new Fields();
    while (json.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = json.currentName();
      JsonToken token = json.nextToken();
      switch (name) {
        case "key" -> fields.key = string(json, token, name, index);
        case "value" -> fields.value = string(json, token, name, index);
        case "expiration" -> fields.expiration = number(json, token, name, index);
        case "expiration_ttl" -> fields.timeToLive = number(json, token, name, index);
        case "base64" -> {
          if (token != JsonToken.VALUE_NULL && !token.isBoolean()) {
            throw malformed("base64 of pair " + index + " is not true or false");
          }
          fields.base64 = token == JsonToken.VALUE_TRUE;
        }
        case "metadata" -> fields.metadata = Json.copyCurrent(json);
        default -> json.skipChildren();
      }
    }
    return fields;
  }

  private static String string(JsonParser json, JsonToken token, String name, int index) {
    if (token != JsonToken.VALUE_STRING) {
      throw malformed(name + " of pair " + index + " is not a string");
    }
    return json.getString();
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

  private Mutation.Put pair(Fields fields, int index) {
    if (fields.key == null) {
      throw malformed("pair " + index + " has no key");
    }
    if (fields.value == null) {
      throw malformed("pair " + index + " has no value");
    }
    try {
      Key key = Keys.of(Bytes.utf8(fields.key), limits);
      Expiry expiry =
          Expirations.parse(
              Optional.ofNullable(fields.expiration),
              Optional.ofNullable(fields.timeToLive),
              limits.get(Limit.TTL_SECONDS_MIN),
              now);
      Metadata metadata =
          fields.metadata.isEmpty()
              ? Metadata.NONE
              : ValuesEndpoint.checked(fields.metadata, limits, OPERATION);
      return new Mutation.Put(key, value(fields.value, fields.base64, index), metadata, expiry);
    } catch (SelvedgeException e) {
      throw RestErrors.of(e, OPERATION).because(10012, "in pair " + index);
    }
  }

  private Bytes value(String text, boolean base64, int index) {
    Bytes value;
    if (base64) {
      try {
        value = Bytes.adopt(Base64.getDecoder().decode(text));
      } catch (IllegalArgumentException e) {
        throw malformed("the value of pair " + index + " is not base64");
      }
    } else {
      value = Bytes.utf8(text);
    }
    if (value.size() > limits.get(Limit.VALUE_BYTES)) {
      throw new RestFailure(
          413,
          10024,
          OPERATION
              + ": 'Value length of "
              + value.size()
              + " exceeds limit of "
              + limits.get(Limit.VALUE_BYTES)
              + ".'");
    }
    return value;
  }

  private static RestFailure malformed(String what) {
    return new RestFailure(400, 10012, OPERATION + ": '" + what + "'");
  }
}
