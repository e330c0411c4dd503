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
import selvedge.server.api.Json;
import selvedge.server.api.Request;
import selvedge.server.api.Response;
import selvedge.server.api.shared.MeasuredStream;
import selvedge.server.session.SessionCookies;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;

/** {@code /v1/session}: signs a browser in and out. Safe for use by many threads. */
public final class SessionEndpoint {
  private static final String FORWARDED_SCHEME = "X-Forwarded-Proto";

  private final TokenGate gate;
  private final SessionCookies cookies;
  private final Json.Writing server;
  private final boolean tls;
  private final Limits limits;

  /**
   * @param server writes members that describe the server, for callers that are admitted
   * @param tls whether clients use TLS
   */
  public SessionEndpoint(
      TokenGate gate, SessionCookies cookies, Json.Writing server, boolean tls, Limits limits) {
    this.gate = gate;
    this.cookies = cookies;
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
    boolean isAdmitted = admission instanceof Admission.Admitted;
    json.writeBooleanProperty("signed_in", isAdmitted && !gate.isOpen());
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

  /** Checks the token of the body, and returns a cookie that carries it. */
  Response signIn(Request request) throws IOException {
    if (gate.isOpen()) {
      throw new V1Failure(
          400, "not_guarded", "this server has no tokens: every request is admitted without one");
    }
    String token = token(request);
    Admission admission = gate.admit(token);
    if (admission instanceof Admission.Refused) {
      throw new V1Failure(
          401, "unauthorized", "this token does not exist here, was revoked or has expired");
    }
    return V1Api.json(json -> describe(json, admission))
        .header("Cache-Control", "no-store")
        .with(cookies.signIn(token, isSecure(request)));
  }

  private String token(Request request) throws IOException {
    Bytes body =
        Bytes.adopt(
            MeasuredStream.bodyOf(request, limits.get(Limit.JSON_BODY_BYTES)).readAllBytes());
    request.memory().hold(2L * body.size());
    try {
      String token = Json.tree(body).path("token").asString("");
      if (!token.isEmpty()) {
        return token;
      }
    } catch (JacksonException e) {
      throw malformed();
    }
    throw malformed();
  }

  private static InvalidRequestException malformed() {
    return new InvalidRequestException("the body must be a JSON object such as {\"token\":\"…\"}");
  }

  Response signOut(Request request) {
    return Response.of(204, Body.NONE).with(cookies.signOut(isSecure(request)));
  }

  private boolean isSecure(Request request) {
    return tls || request.header(FORWARDED_SCHEME).orElse("").equalsIgnoreCase("https");
  }
}
