package selvedge.server.api.v1;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import selvedge.model.Bytes;
import selvedge.model.Expiry;
import selvedge.model.InvalidRequestException;
import selvedge.model.Limit;
import selvedge.model.Limits;
import selvedge.server.access.Grant;
import selvedge.server.access.Token;
import selvedge.server.access.TokenCodec;
import selvedge.server.access.Tokens;
import selvedge.server.api.Json;
import selvedge.server.api.Keys;
import selvedge.server.api.PercentCode;
import selvedge.server.api.Query;
import selvedge.server.api.Request;
import selvedge.server.api.Response;
import selvedge.server.api.shared.MeasuredStream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** {@code /v1/tokens}: creates, lists, rotates and revokes tokens for operators. */
public final class TokensEndpoint {
  /** The most memory that a byte of JSON takes as a tree: empty objects in a list. */
  private static final long TREE_BYTES = 40;

  private static final String EXPIRES_SECONDS = "expires_seconds";
  private static final List<String> MEMBERS =
      List.of("name", "account", "namespace", "prefix", "grant", EXPIRES_SECONDS);

  private final Tokens tokens;
  private final Function<String, Optional<Instant>> lastUse;
  private final Limits limits;
  private final InstantSource clock;

  /**
   * @param lastUse returns when the token of an id was last used at this server
   */
  public TokensEndpoint(
      Tokens tokens,
      Function<String, Optional<Instant>> lastUse,
      Limits limits,
      InstantSource clock) {
    this.tokens = tokens;
    this.lastUse = lastUse;
    this.limits = limits;
    this.clock = clock;
  }

  Response list() {
    return V1Api.json(
        json -> {
          json.writeArrayPropertyStart("tokens");
          for (Token token : tokens.list()) {
            json.writeStartObject();
            TokenCodec.describe(json, token);
            lastUse
                .apply(token.id())
                .ifPresent(moment -> json.writeStringProperty("last_used", moment.toString()));
            json.writeEndObject();
          }
          json.writeEndArray();
        });
  }

  Response create(Request request) throws IOException {
    JsonNode definition = definition(request);
    Grant grant =
        TokenCodec.grant(
            text(definition, "account", "all"),
            text(definition, "namespace", ""),
            prefix(definition),
            right(definition));
    Tokens.Created created = tokens.create(name(definition), grant, expiry(definition));
    return created(created);
  }

  private static Response created(Tokens.Created created) {
    return V1Api.json(
        out -> {
          TokenCodec.describe(out, created.token());
          out.writeStringProperty("secret", created.secret());
        });
  }

  /**
   * Parses the body. Unknown members are refused, because they may have been meant as restrictions.
   */
  private JsonNode definition(Request request) throws IOException {
    Bytes body =
        Bytes.adopt(
            MeasuredStream.bodyOf(request, limits.get(Limit.JSON_BODY_BYTES)).readAllBytes());
    request.memory().hold(TREE_BYTES * body.length());
    JsonNode definition;
    try {
      definition = Json.tree(body);
    } catch (JacksonException e) {
      throw new InvalidRequestException("the body must be a JSON object");
    }
    if (!definition.isObject()) {
      throw new InvalidRequestException("the body must be a JSON object");
    }
    for (String name : definition.propertyNames()) {
      if (!MEMBERS.contains(name)) {
        throw new InvalidRequestException(
            "a token has no member \"" + name + "\", only " + String.join(", ", MEMBERS));
      }
    }
    return definition;
  }

  private String prefix(JsonNode definition) {
    String prefix = text(definition, "prefix", "");
    Keys.prefix(Bytes.utf8(prefix), limits);
    return prefix;
  }

  private static String right(JsonNode definition) {
    if (!definition.has("grant")) {
      throw new InvalidRequestException(
          "grant is missing: it must be read, write, replicate or admin");
    }
    return text(definition, "grant", "");
  }

  private String name(JsonNode definition) {
    String name = text(definition, "name", "");
    long most = limits.get(Limit.TITLE_CHARACTERS);
    if (name.length() > most) {
      throw new InvalidRequestException(
          "the name of a token must have at most " + most + " characters");
    }
    return name;
  }

  private static String text(JsonNode definition, String name, String otherwise) {
    if (!definition.has(name)) {
      return otherwise;
    }
    if (!definition.get(name).isString()) {
      throw new InvalidRequestException(name + " must be a string");
    }
    return definition.get(name).asString();
  }

  private Expiry expiry(JsonNode definition) {
    if (!definition.has(EXPIRES_SECONDS)) {
      return Expiry.NEVER;
    }
    JsonNode seconds = definition.get(EXPIRES_SECONDS);
    if (!seconds.canConvertToInt() || seconds.asInt() < 1) {
      throw new InvalidRequestException("expires_seconds must be a whole number of at least 1");
    }
    return Expiry.after(Duration.ofSeconds(seconds.asInt()), clock.instant());
  }

  Response rotate(Request request, String id) {
    return tokens
        .rotate(id, overlap(Query.of(request).text("overlap").orElse("86400")))
        .map(TokensEndpoint::created)
        .orElseGet(() -> notFound(id));
  }

  private static Duration overlap(String seconds) {
    try {
      int overlap = Integer.parseInt(seconds);
      if (overlap >= 0) {
        return Duration.ofSeconds(overlap);
      }
    } catch (NumberFormatException e) {
      throw badOverlap(seconds);
    }
    throw badOverlap(seconds);
  }

  private static InvalidRequestException badOverlap(String seconds) {
    return new InvalidRequestException(
        "overlap must be a whole number of seconds, 0 or more, got \"" + seconds + "\"");
  }

  Response revoke(String id) {
    return tokens.revoke(id)
        ? V1Api.json(json -> json.writeStringProperty("revoked", id))
        : notFound(id);
  }

  private static Response notFound(String id) {
    return V1Errors.answer(404, "token_not_found", "there is no token " + PercentCode.shown(id));
  }
}
