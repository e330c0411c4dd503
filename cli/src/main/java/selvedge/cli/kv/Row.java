package selvedge.cli.kv;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Optional;
import selvedge.model.Bytes;
import selvedge.model.Entry;
import selvedge.model.Expiry;
import selvedge.model.InvalidRequestException;
import selvedge.model.Key;
import selvedge.model.Metadata;
import selvedge.model.Mutation;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.util.RawValue;

/**
 * A key with its value, metadata and expiry, as a line of JSON. The members are those of the bulk
 * files of wrangler; {@code expires} is the expiry in milliseconds beside them.
 */
record Row(Key key, Bytes value, Metadata metadata, Expiry expiry) {
  private static final JsonMapper JSON = JsonMapper.shared();

  static Row of(Entry entry) {
    return new Row(entry.key(), entry.value().bytes(), entry.metadata(), entry.expiry());
  }

  /** Reads a line; the message of the exception says what is wrong with it. */
  static Row parse(String line, Instant now) {
    try {
      return of(JSON.readTree(line), now);
    } catch (JacksonException e) {
      throw new InvalidRequestException("the line is not a JSON object: " + firstLine(e));
    }
  }

  static String firstLine(JacksonException e) {
    return e.getOriginalMessage().lines().findFirst().orElse("");
  }

  /** Reads an element of a bulk file of wrangler, or a line of an export. */
  static Row of(JsonNode json, Instant now) {
    if (!json.isObject()) {
      throw new InvalidRequestException("a row must be an object with key and value");
    }
    Key key = Key.of(text(json, "key"));
    String value = text(json, "value");
    JsonNode metadata = json.path("metadata");
    return new Row(
        key,
        json.path("base64").asBoolean(false) ? decode(value) : Bytes.utf8(value),
        metadata.isMissingNode() || metadata.isNull()
            ? Metadata.NONE
            : Metadata.json(JSON.writeValueAsString(metadata)),
        expiry(json, now));
  }

  private static String text(JsonNode json, String name) {
    JsonNode member = json.path(name);
    if (!member.isString()) {
      throw new InvalidRequestException("the member " + name + " must be text");
    }
    return member.asString();
  }

  private static Bytes decode(String value) {
    try {
      return Bytes.adopt(Base64.getDecoder().decode(value));
    } catch (IllegalArgumentException e) {
      throw new InvalidRequestException("the value is not Base64, as base64 says");
    }
  }

  private static Expiry expiry(JsonNode json, Instant now) {
    if (has(json, "expires")) {
      return Expiry.at(Instant.ofEpochMilli(number(json, "expires")));
    }
    if (has(json, "expiration")) {
      return Expiry.at(Instant.ofEpochSecond(number(json, "expiration")));
    }
    if (has(json, "expiration_ttl")) {
      return Expiry.after(Duration.ofSeconds(number(json, "expiration_ttl")), now);
    }
    return Expiry.NEVER;
  }

  private static boolean has(JsonNode json, String name) {
    return !json.path(name).isMissingNode() && !json.path(name).isNull();
  }

  private static long number(JsonNode json, String name) {
    JsonNode member = json.path(name);
    if (!member.isIntegralNumber() || !member.canConvertToLong()) {
      throw new InvalidRequestException("the member " + name + " must be a whole number");
    }
    return member.asLong();
  }

  String line() {
    return JSON.writeValueAsString(json());
  }

  ObjectNode json() {
    ObjectNode json = JSON.createObjectNode();
    json.put("key", key.name());
    Optional<String> text = text(value);
    json.put("value", text.orElseGet(() -> Base64.getEncoder().encodeToString(value.toArray())));
    if (text.isEmpty()) {
      json.put("base64", true);
    }
    if (expiry instanceof Expiry.At at) {
      json.put("expiration", at.wholeSecond());
      json.put("expires", at.instant().toEpochMilli());
    }
    if (metadata.isPresent()) {
      json.putRawValue("metadata", new RawValue(metadata.json().utf8()));
    }
    return json;
  }

  /** Returns the bytes as text; empty if they are not UTF-8. */
  static Optional<String> text(Bytes bytes) {
    try {
      return Optional.of(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes.toArray())).toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  Mutation.Put mutation() {
    return new Mutation.Put(key, value, metadata, expiry);
  }

  int size() {
    return key.bytes().size() + value.size();
  }
}
