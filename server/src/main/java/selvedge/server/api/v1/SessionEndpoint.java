package selvedge.server.api.v1;

import java.io.IOException;
import selvedge.model.Bytes;
import selvedge.model.InvalidRequestException;
import selvedge.model.Limit;
import selvedge.model.Limits;
import selvedge.server.access.Admission;
import selvedge.server.access.Caller;
import selvedge.server.access.Token;
import selvedge.server.access.TokenCodec;
import selvedge.server.access.TokenGate;
import selvedge.server.api.Body;
import selvedge.server.api.HeaderNames;
import selvedge.server.api.Json;
import selvedge.server.api.Request;
import selvedge.server.api.Response;
import selvedge.server.api.shared.MeasuredStream;
import selvedge.server.session.SessionCookies;
import selvedge.server.session.SignInCodes;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JsonNode;

/** {@code /v1/session}: signs a browser in and out. Safe for use by many threads. */
public final class SessionEndpoint {
  private static final String FORWARDED_SCHEME = "X-Forwarded-Proto";

  private final TokenGate gate;
  private final SessionCookies cookies;
  private final SignInCodes codes;
  private final Json.Writing server;
  private final boolean tls;
  private final Limits limits;

  /** What decides about a sign-in and keeps it. */
  public record SignIn(TokenGate gate, SessionCookies cookies, SignInCodes codes) {}

  /**
   * @param server writes members that describe the server, for callers that are admitted
   * @param tls whether clients use TLS
   */
  public SessionEndpoint(SignIn signIn, Json.Writing server, boolean tls, Limits limits) {
    this.gate = signIn.gate();
    this.cookies = signIn.cookies();
    this.codes = signIn.codes();
    this.server = server;
    this.tls = tls;
    this.limits = limits;
  }

  /** Describes the sender of the request. */
  Response get(Request request) {
    return V1Api.json(json -> describe(json, gate.admit(request)))
        .header("Cache-Control", "no-store");
  }

  private void describe(JsonGenerator json, Admission admission) {
    json.writeBooleanProperty("guarded", !gate.isOpen());
    json.writeBooleanProperty(
        "signed_in",
        admission instanceof Admission.Admitted(var caller)
            && (!gate.isOpen() || caller.mayOperate()));
    if (admission instanceof Admission.Admitted(Caller caller)) {
      json.writeBooleanProperty("operator", caller.mayOperate());
      if (caller instanceof Token token) {
        json.writeObjectPropertyStart("token");
        TokenCodec.describe(json, token);
        json.writeEndObject();
      }
      server.to(json);
    }
  }

  /** Returns a one-time code that stands for the token of the request. */
  Response createCode(Request request) {
    String code = codes.create(gate.bearer(request).orElseThrow(SessionEndpoint::noBearer));
    return V1Api.json(
            json -> {
              json.writeStringProperty("code", code);
              json.writeNumberProperty("seconds", SignInCodes.LIFETIME.toSeconds());
            })
        .header("Cache-Control", "no-store");
  }

  private static InvalidRequestException noBearer() {
    return new InvalidRequestException(
        "the token must be in the header Authorization: Bearer TOKEN");
  }

  /** Checks the token or the code of the body, and returns a cookie that carries the token. */
  Response signIn(Request request) throws IOException {
    JsonNode body = body(request);
    String code = body.path("code").asString("");
    if (!code.isEmpty()) {
      return signInByCode(request, code);
    }
    if (gate.isOpen()) {
      throw new V1Failure(
          400, "not_guarded", "this server has no tokens: every request is admitted without one");
    }
    String token = body.path("token").asString("");
    if (token.isEmpty()) {
      throw malformed();
    }
    return signIn(request, token, "this token does not exist here, was revoked or has expired");
  }

  private Response signInByCode(Request request, String code) {
    String refusal =
        "this code was used before, has expired or does not exist: run selvedge console again";
    return switch (codes.exchange(code, withoutPort(request.clientAddress()))) {
      case SignInCodes.Accepted accepted -> signIn(request, accepted.token(), refusal);
      case SignInCodes.Refused _ -> throw new V1Failure(401, "unauthorized", refusal);
      case SignInCodes.TooManyAttempts refused ->
          V1Errors.answer(
                  429, "too_many_attempts", "too many wrong codes: wait a minute, then try again")
              .header(HeaderNames.RETRY_AFTER, Long.toString(refused.delay().toSeconds() + 1));
    };
  }

  private static String withoutPort(String address) {
    return address.substring(0, Math.max(0, address.lastIndexOf(':')));
  }

  private Response signIn(Request request, String token, String refusal) {
    Admission admission = gate.admit(token);
    if (admission instanceof Admission.Refused) {
      throw new V1Failure(401, "unauthorized", refusal);
    }
    return V1Api.json(json -> describe(json, admission))
        .header("Cache-Control", "no-store")
        .with(cookies.signIn(token, isSecure(request)));
  }

  private JsonNode body(Request request) throws IOException {
    Bytes body =
        Bytes.adopt(
            MeasuredStream.bodyOf(request, limits.get(Limit.JSON_BODY_BYTES)).readAllBytes());
    request.memory().hold(2L * body.size());
    try {
      return Json.tree(body);
    } catch (JacksonException e) {
      throw malformed();
    }
  }

  private static InvalidRequestException malformed() {
    return new InvalidRequestException(
        "the body must be a JSON object such as {\"token\":\"…\"} or {\"code\":\"…\"}");
  }

  Response signOut(Request request) {
    return Response.of(204, Body.NONE).with(cookies.signOut(isSecure(request)));
  }

  private boolean isSecure(Request request) {
    return tls || request.header(FORWARDED_SCHEME).orElse("").equalsIgnoreCase("https");
  }
}
