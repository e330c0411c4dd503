package selvedge.server.api.v1;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import selvedge.model.Bytes;
import selvedge.model.Expiry;
import selvedge.model.InvalidRequestException;
import selvedge.model.Limit;
import selvedge.model.Limits;
import selvedge.server.access.Caller;
import selvedge.server.access.Grant;
import selvedge.server.access.Right;
import selvedge.server.access.Token;
import selvedge.server.access.TokenCodec;
import selvedge.server.access.Tokens;
import selvedge.server.api.Json;
import selvedge.server.api.MeasuredStream;
import selvedge.server.api.Request;
import selvedge.server.api.Response;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** {@code /v1/tokens}: made, listed and revoked by who may administer everywhere. */
public final class TokensEndpoint {
  private final Tokens tokens;
  private final Limits limits;
  private final InstantSource clock;

  public TokensEndpoint(Tokens tokens, Limits limits, InstantSource clock) {
    this.tokens = tokens;
    this.limits = limits;
    this.clock = clock;
  }

  Response answer(Request request, Caller caller, String path) throws IOException {
    if (!caller.mayEverywhere(Right.ADMIN)) {
      return NativeErrors.answer(
          403, "forbidden", "tokens take a token that may administer everywhere");
    }
    return switch (request.method() + (path.isEmpty() ? "" : " one")) {
      case "GET" -> list();
      case "POST" -> create(request);
      case "DELETE one" -> revoke(path.substring(1));
      default -> NativeErrors.answer(405, "method_not_allowed", "tokens take GET, POST, DELETE");
    };
  }

  private Response list() {
    return NativeFace.json(
        json -> {
          json.writeArrayPropertyStart("tokens");
          for (Token token : tokens.list()) {
            json.writeStartObject();
            TokenCodec.describe(json, token);
            json.writeEndObject();
          }
          json.writeEndArray();
        });
  }

  private Response create(Request request) throws IOException {
    var body = MeasuredStream.bodyOf(request, limits.get(Limit.JSON_BODY_BYTES));
    JsonNode json;
    try {
      json = Json.tree(Bytes.adopt(body.readAllBytes()));
    } catch (JacksonException e) {
      throw new InvalidRequestException("the body is not JSON");
    }
    Grant grant =
        TokenCodec.grant(
            json.path("account").asString("all"),
            json.path("namespace").asString(""),
            json.path("grant").asString("write"));
    Expiry expiry =
        json.has("expires_seconds")
            ? Expiry.after(
                Duration.ofSeconds(json.path("expires_seconds").asLong()), clock.instant())
            : Expiry.NEVER;
    Tokens.Created created = tokens.create(json.path("name").asString(""), grant, expiry);
    return NativeFace.json(
        out -> {
          TokenCodec.describe(out, created.token());
          out.writeStringProperty("secret", created.secret());
        });
  }

  private Response revoke(String id) {
    return tokens.revoke(id)
        ? NativeFace.json(json -> json.writeStringProperty("revoked", id))
        : NativeErrors.answer(404, "token_not_found", "there is no token " + id);
  }
}
