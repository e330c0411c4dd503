package selvedge.server.access;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Locale;
import selvedge.model.AccountId;
import selvedge.model.Bytes;
import selvedge.model.Expiry;
import selvedge.model.InvalidRequestException;
import selvedge.model.NamespaceId;
import selvedge.server.api.Json;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;

/** Converts tokens to JSON and back. Only the stored form has the digest. */
public final class TokenCodec {
  private TokenCodec() {}

  static Bytes encode(Token token) {
    return Json.bytes(
        json -> {
          json.writeStartObject();
          describe(json, token);
          json.writeStringProperty("digest", token.digest().hex());
          json.writeEndObject();
        });
  }

  /** Returns the token without its digest as a JSON object. */
  public static Bytes describe(Token token) {
    return Json.bytes(
        json -> {
          json.writeStartObject();
          describe(json, token);
          json.writeEndObject();
        });
  }

  /** Writes the token without its digest as members of the current JSON object. */
  public static void describe(JsonGenerator json, Token token) {
    json.writeStringProperty("id", token.id());
    json.writeStringProperty("name", token.name());
    json.writeStringProperty("grant", token.grant().right().name().toLowerCase(Locale.ROOT));
    switch (token.grant().scope()) {
      case Grant.Everywhere() -> json.writeStringProperty("account", "all");
      case Grant.InAccount(AccountId account) -> json.writeStringProperty("account", account.hex());
      case Grant.InNamespace(AccountId account, NamespaceId namespace) -> {
        json.writeStringProperty("account", account.hex());
        json.writeStringProperty("namespace", namespace.hex());
      }
      case Grant.InPart(AccountId account, NamespaceId namespace, Bytes prefix) -> {
        json.writeStringProperty("account", account.hex());
        json.writeStringProperty("namespace", namespace.hex());
        json.writeStringProperty("prefix", prefix.utf8());
      }
    }
    json.writeStringProperty("created", token.createdAt().toString());
    if (token.expiry() instanceof Expiry.At(Instant instant)) {
      json.writeStringProperty("expires", instant.toString());
    }
  }

  static Token decode(Bytes stored) {
    JsonNode json = Json.tree(stored);
    return new Token(
        json.path("id").asString(),
        json.path("name").asString(),
        Bytes.adopt(HexFormat.of().parseHex(json.path("digest").asString())),
        grant(
            json.path("account").asString(),
            json.path("namespace").asString(""),
            json.path("prefix").asString(""),
            json.path("grant").asString()),
        Instant.parse(json.path("created").asString()),
        json.has("expires")
            ? Expiry.at(Instant.parse(json.path("expires").asString()))
            : Expiry.NEVER);
  }

  /**
   * Parses a grant. An empty namespace means all namespaces of the account, an empty prefix all
   * keys.
   */
  public static Grant grant(String account, String namespace, String prefix, String right) {
    return new Grant(scope(account, namespace, prefix), Rights.of(right));
  }

  private static Grant.Scope scope(String account, String namespace, String prefix) {
    if (!prefix.isEmpty()) {
      return part(account, namespace, prefix);
    }
    if (!namespace.isEmpty()) {
      return new Grant.InNamespace(new AccountId(account), new NamespaceId(namespace));
    }
    return account.equals("all")
        ? new Grant.Everywhere()
        : new Grant.InAccount(new AccountId(account));
  }

  private static Grant.Scope part(String account, String namespace, String prefix) {
    if (namespace.isEmpty()) {
      throw new InvalidRequestException("a prefix requires a namespace: set namespace to its id");
    }
    if (!StandardCharsets.UTF_8.newEncoder().canEncode(prefix)) {
      throw new InvalidRequestException(
          "prefix must be valid Unicode text, without unpaired surrogates");
    }
    return new Grant.InPart(new AccountId(account), new NamespaceId(namespace), Bytes.utf8(prefix));
  }
}
