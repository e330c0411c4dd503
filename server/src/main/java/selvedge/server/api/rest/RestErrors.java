package selvedge.server.api.rest;

import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import selvedge.engine.namespace.OutcomeUnknownException;
import selvedge.model.InvalidKeyException;
import selvedge.model.InvalidMetadataException;
import selvedge.model.InvalidRequestException;
import selvedge.model.LimitExceededException;
import selvedge.model.NamespaceNotFoundException;
import selvedge.model.NotHereException;
import selvedge.model.OverloadedException;
import selvedge.model.SelvedgeException;
import selvedge.model.StaleException;
import selvedge.model.StorageFullException;
import selvedge.model.StoreDamagedException;
import selvedge.model.TitleTakenException;
import selvedge.model.Version;
import selvedge.server.access.OutsideGrantException;
import selvedge.server.access.Refusal;
import selvedge.server.api.HeaderNames;
import selvedge.server.api.MalformedBodyException;
import selvedge.server.api.PercentCode;
import selvedge.server.api.Response;
import selvedge.server.api.shared.BadExpirationException;
import selvedge.server.api.shared.BulkGetException;
import selvedge.server.api.shared.BulkKeyException;
import selvedge.server.api.shared.Entity;
import selvedge.server.api.shared.ErrorResponses;
import selvedge.server.api.shared.TooLongException;
import selvedge.server.health.CommitWatch;
import selvedge.server.quota.OverQuotaException;

/**
 * Converts failures to the answers of the error table of Workers KV.
 *
 * @param operation as the service names it in its messages, such as {@code put}
 */
record RestErrors(String operation) implements ErrorResponses {
  private static final int TOO_MANY_NAMESPACES = 10018;
  private static final Logger LOG = LoggerFactory.getLogger(RestErrors.class);

  @Override
  public Response of(SelvedgeException failure) {
    return Envelope.failure(failure(failure, operation));
  }

  @Override
  public Response of(IOException failure) {
    String message = operation + ": '" + failure.getMessage() + "'";
    if (failure instanceof TooLongException) {
      return Envelope.failure(new RestFailure(413, 10024, message));
    }
    int status = failure instanceof MalformedBodyException ? 400 : 408;
    return Envelope.failure(new RestFailure(status, 10001, message));
  }

  static RestFailure of(Refusal refusal) {
    return switch (refusal) {
      case NO_CREDENTIALS -> new RestFailure(400, 9106, "Authentication failed (status: 400)");
      case MALFORMED_AUTHORIZATION ->
          new RestFailure(400, 6003, "Invalid request headers")
              .because(6111, "Invalid format for Authorization header");
      case MALFORMED_KEY ->
          new RestFailure(400, 6003, "Invalid request headers")
              .because(6103, "Invalid format for X-Auth-Key header");
      case UNKNOWN_TOKEN -> new RestFailure(401, 10000, "Authentication error");
      case UNKNOWN_KEY -> new RestFailure(403, 9103, "Unknown X-Auth-Key or X-Auth-Email");
    };
  }

  static RestFailure forbidden() {
    return new RestFailure(403, 10000, "Authentication error");
  }

  static RestFailure noRoute(String path) {
    return new RestFailure(
        404,
        7003,
        "Could not route to "
            + PercentCode.shown(path)
            + ", perhaps your object identifier is invalid?");
  }

  static RestFailure methodNotAllowed(String method) {
    return new RestFailure(405, 10405, method + " method not allowed for this resource");
  }

  /** Returns the failure of a condition that the entry in place does not meet. */
  static RestFailure conflict(Version current, String operation) {
    boolean none = current.equals(Version.NONE);
    String problem =
        none ? "there is no entry under this key" : "the entry in place has version " + current;
    var failure =
        new RestFailure(412, 10412, operation + ": '" + problem + "'")
            .header(HeaderNames.SELVEDGE_VERSION, current.toString());
    return none ? failure : failure.header(HeaderNames.ETAG, Entity.tag(current));
  }

  static RestFailure notAnId(String text) {
    return new RestFailure(
        400,
        10011,
        "could not parse UUID from request's namespace_id: 'invalid namespace format: "
            + text
            + "'");
  }

  static RestFailure namespaceNotFound(String operation) {
    return new RestFailure(404, 10013, operation + ": 'namespace not found'");
  }

  /** Returns the failure of an operation in the words of the service. */
  static RestFailure failure(SelvedgeException failure, String operation) {
    String message = operation + ": '" + failure.getMessage() + "'";
    return switch (failure) {
      case RestFailure rest -> rest;
      case InvalidKeyException key -> key(key, message);
      case BadExpirationException bad ->
          new RestFailure(400, bad.isTimeToLive() ? 10034 : 10033, message);
      case InvalidMetadataException bad ->
          new RestFailure(400, 10147, String.valueOf(bad.getMessage()));
      case BulkGetException bad -> new RestFailure(bad.status(), bulkGet(bad), message);
      case BulkKeyException bad -> failure(bad.cause(), operation + ": key " + bad.index());
      case OutsideGrantException _ -> forbidden();
      case NamespaceNotFoundException _ -> namespaceNotFound(operation);
      case TitleTakenException _ ->
          new RestFailure(
              400,
              10014,
              operation + ": 'a namespace with this account ID and title already exists'");
      case OverQuotaException over -> overQuota(over, message);
      case LimitExceededException _ when operation.equals("create namespace") ->
          new RestFailure(400, TOO_MANY_NAMESPACES, message);
      case LimitExceededException _ -> new RestFailure(413, 10024, message);
      case InvalidRequestException _ -> new RestFailure(400, 10012, message);
      case StorageFullException _ -> new RestFailure(507, 10001, message);
      case OutcomeUnknownException _ -> new RestFailure(502, 10001, message);
      case OverloadedException _ ->
          new RestFailure(503, 10001, message).header(HeaderNames.RETRY_AFTER, "1");
      case NotHereException _ -> new RestFailure(421, 10001, message);
      case StaleException _ ->
          new RestFailure(503, 10001, message).header(HeaderNames.RETRY_AFTER, "1");
      case StoreDamagedException _ -> {
        LOG.error("{} met damage on disk: {}", operation, failure.getMessage());
        yield new RestFailure(500, 10001, operation + ": 'the store is damaged; see its log'");
      }
      default -> {
        LOG.error("{} failed: {}", operation, failure.getMessage());
        LOG.debug("{} failed", operation, failure);
        String reason = CommitWatch.reason(failure);
        yield new RestFailure(500, 10001, operation + ": 'the server failed: " + reason + "'");
      }
    };
  }

  private static int bulkGet(BulkGetException failure) {
    return switch (failure.reason()) {
      case MALFORMED -> 10012;
      case INVALID -> 10029;
      case TOO_LARGE -> 10024;
    };
  }

  private static RestFailure key(InvalidKeyException failure, String message) {
    return switch (failure.reason()) {
      case TOO_LONG -> new RestFailure(414, 10030, message);
      case EMPTY, DOTS, NOT_UTF8 -> new RestFailure(400, 10023, message);
    };
  }

  private static RestFailure overQuota(OverQuotaException over, String message) {
    int code =
        switch (over.limit()) {
          case KEY_WRITES_PER_SECOND -> 10022;
          default -> 10048;
        };
    var failure = new RestFailure(429, code, message);
    return over.retryAfter()
        .map(
            wait ->
                failure.header(
                    HeaderNames.RETRY_AFTER, Long.toString(Math.max(1, wait.toSeconds()))))
        .orElse(failure);
  }
}
