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

/** {@code /v1/tokens}: made, listed and revoked by who may administer everywhere. */
public final class TokensEndpoint {
  /** What a byte of JSON takes at most as a tree: empty objects in a list. */
  private static final long TREE_BYTES = 40;

  private static final String EXPIRES_SECONDS = "expires_seconds";
  private static final List<String> MEMBERS =
      List.of("name", "account", "namespace", "prefix", "grant", EXPIRES_SECONDS);

  private final Tokens tokens;
  private final Function<String, Optional<Instant>> lastUse;
  private final Limits limits;
  private final InstantSource clock;

  /**
   * @param lastUse when the token of an id was last used at this server
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
    JsonNode wish = wish(request);
    Grant grant =
        TokenCodec.grant(
            text(wish, "account", "all"), text(wish, "namespace", ""), prefix(wish), right(wish));
    Tokens.Created created = tokens.create(name(wish), grant, expiry(wish));
    return created(created);
  }

  private static Response created(Tokens.Created created) {
    return V1Api.json(
        out -> {
          TokenCodec.describe(out, created.token());
          out.writeStringProperty("secret", created.secret());
        });
  }

  /** A wish that is not understood whole is refused: it might have meant less than it got. */
  private JsonNode wish(Request request) throws IOException {
    Bytes body =
        Bytes.adopt(
            MeasuredStream.bodyOf(request, limits.get(Limit.JSON_BODY_BYTES)).readAllBytes());
    request.memory().hold(TREE_BYTES * body.length());
    JsonNode wish;
    try {
      wish = Json.tree(body);
    } catch (JacksonException e) {
      throw new InvalidRequestException("the body is not JSON");
    }
    if (!wish.isObject()) {
      throw new InvalidRequestException("the body is not a JSON object");
    }
    for (String name : wish.propertyNames()) {
      if (!MEMBERS.contains(name)) {
        throw new InvalidRequestException(
            "a token has " + String.join(", ", MEMBERS) + ", and no \"" + name + "\"");
      }
    }
    return wish;
  }

  private String prefix(JsonNode wish) {
    String prefix = text(wish, "prefix", "");
    Keys.prefix(Bytes.utf8(prefix), limits);
    return prefix;
  }

  private static String right(JsonNode wish) {
    if (!wish.has("grant")) {
      throw new InvalidRequestException(
          "grant is missing: it must be read, write, replicate or admin");
    }
    return text(wish, "grant", "");
  }

  private String name(JsonNode wish) {
    String name = text(wish, "name", "");
    long most = limits.get(Limit.TITLE_CHARACTERS);
    if (name.length() > most) {
      throw new InvalidRequestException("the name of a token has at most " + most + " characters");
    }
    return name;
  }

  private static String text(JsonNode wish, String name, String otherwise) {
    if (!wish.has(name)) {
      return otherwise;
    }
    if (!wish.get(name).isString()) {
      throw new InvalidRequestException(name + " is not a string");
    }
    return wish.get(name).asString();
  }

  private Expiry expiry(JsonNode wish) {
    if (!wish.has(EXPIRES_SECONDS)) {
      return Expiry.NEVER;
    }
    JsonNode seconds = wish.get(EXPIRES_SECONDS);
    if (!seconds.canConvertToInt() || seconds.asInt() < 1) {
      throw new InvalidRequestException("expires_seconds is a whole number of at least 1");
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
