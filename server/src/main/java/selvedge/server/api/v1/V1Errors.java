package selvedge.server.api.v1;

import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import selvedge.engine.namespace.OutcomeUnknownException;
import selvedge.model.Bytes;
import selvedge.model.InvalidKeyException;
import selvedge.model.LimitExceededException;
import selvedge.model.NamespaceNotFoundException;
import selvedge.model.NotHereException;
import selvedge.model.OverloadedException;
import selvedge.model.SelvedgeException;
import selvedge.model.StaleException;
import selvedge.model.StorageFullException;
import selvedge.model.StoreDamagedException;
import selvedge.model.Version;
import selvedge.server.access.OutsideGrantException;
import selvedge.server.api.Body;
import selvedge.server.api.HeaderNames;
import selvedge.server.api.Json;
import selvedge.server.api.MalformedBodyException;
import selvedge.server.api.Response;
import selvedge.server.api.shared.Entity;
import selvedge.server.api.shared.ErrorResponses;
import selvedge.server.api.shared.TooLongException;
import selvedge.server.health.CommitWatch;
import selvedge.server.quota.OverQuotaException;

/** Converts failures to a code for programs and a sentence for people. */
final class V1Errors implements ErrorResponses {
  /** The one instance. */
  static final V1Errors RESPONSES = new V1Errors();

  private static final Logger LOG = LoggerFactory.getLogger(V1Errors.class);

  private V1Errors() {}

  static Response answer(int status, String code, String message) {
    Bytes body =
        Json.bytes(
            json -> {
              json.writeStartObject();
              json.writeObjectPropertyStart("error");
              json.writeStringProperty("code", code);
              json.writeStringProperty("message", message);
              json.writeEndObject();
              json.writeEndObject();
            });
    return Response.of(
        status,
        new Body.Held(body),
        new Response.Header(HeaderNames.CONTENT_TYPE, Json.CONTENT_TYPE));
  }

  @Override
  public Response of(SelvedgeException failure) {
    String message = String.valueOf(failure.getMessage());
    return switch (failure) {
      case V1Failure own when own.code().indexOf('-') >= 0 ->
          answer(own.status(), own.code(), message)
              .header(HeaderNames.SELVEDGE_ERROR, own.code())
              .header(HeaderNames.SELVEDGE_AGREED, own.agreed().toString());
      case V1Failure own when own.code().equals(V1Failure.BEHIND) ->
          answer(own.status(), own.code(), message).header(HeaderNames.RETRY_AFTER, "1");
      case V1Failure own -> answer(own.status(), own.code(), message);
      case OutsideGrantException _ -> answer(403, "forbidden", message);
      case NamespaceNotFoundException _ -> answer(404, "namespace_not_found", message);
      case InvalidKeyException key when key.reason() == InvalidKeyException.Reason.TOO_LONG ->
          answer(414, "key_too_long", message);
      case InvalidKeyException _ -> answer(400, "invalid_key", message);
      case LimitExceededException _ -> answer(413, "over_limit", message);
      case StorageFullException _ -> answer(507, "storage_full", message);
      case OutcomeUnknownException _ -> answer(502, "outcome_unknown", message);
      case OverloadedException _ ->
          answer(503, "overloaded", message).header(HeaderNames.RETRY_AFTER, "1");
      case NotHereException _ -> answer(421, "not_here", message);
      case StaleException _ -> answer(503, "stale", message).header(HeaderNames.RETRY_AFTER, "1");
      case OverQuotaException over -> overQuota(over, message);
      case StoreDamagedException _ -> {
        LOG.error("a native request met damage on disk: {}", message);
        yield answer(500, "damaged", "the store is damaged; see its log");
      }
      default ->
          switch (failure.remedy()) {
            case CALLER -> answer(400, "invalid_request", message);
            case OPERATOR, TIME -> {
              LOG.error("a native request failed: {}", message);
              LOG.debug("a native request failed", failure);
              yield answer(500, "internal", "the server failed: " + CommitWatch.reason(failure));
            }
          };
    };
  }

  private static Response overQuota(OverQuotaException over, String message) {
    Response response = answer(429, "over_quota", message);
    return over.retryAfter()
        .map(wait -> response.header(HeaderNames.RETRY_AFTER, Long.toString(seconds(wait))))
        .orElse(response);
  }

  private static long seconds(Duration wait) {
    return Math.max(1, wait.toSeconds());
  }

  @Override
  public Response of(IOException failure) {
    if (failure instanceof TooLongException) {
      return answer(413, "over_limit", String.valueOf(failure.getMessage()));
    }
    if (failure instanceof MalformedBodyException) {
      return answer(400, "invalid_request", String.valueOf(failure.getMessage()));
    }
    return answer(408, "body_incomplete", String.valueOf(failure.getMessage()));
  }

  /** Returns the answer to a condition that the entry in place does not meet. */
  static Response conflict(Version current) {
    boolean none = current.equals(Version.NONE);
    Response response =
        answer(
                412,
                "conflict",
                none
                    ? "there is no entry under this key"
                    : "the entry in place has version " + current)
            .header(HeaderNames.SELVEDGE_VERSION, current.toString());
    return none ? response : response.header(HeaderNames.ETAG, Entity.tag(current));
  }
}
