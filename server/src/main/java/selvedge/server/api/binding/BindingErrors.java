package selvedge.server.api.binding;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import selvedge.engine.namespace.OutcomeUnknownException;
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
import selvedge.server.api.HeaderNames;
import selvedge.server.api.MalformedBodyException;
import selvedge.server.api.Response;
import selvedge.server.api.shared.BulkGetException;
import selvedge.server.api.shared.BulkKeyException;
import selvedge.server.api.shared.Entity;
import selvedge.server.api.shared.ErrorResponses;
import selvedge.server.api.shared.TooLongException;
import selvedge.server.health.CommitWatch;
import selvedge.server.quota.OverQuotaException;

/**
 * Converts failures to a status and a reason phrase, which is the only part that a Worker sees.
 *
 * <p>No failure is a 404, because the runtime takes a 404 for a missing key.
 */
final class BindingErrors implements ErrorResponses {
  /** The one instance. */
  static final BindingErrors RESPONSES = new BindingErrors();

  private static final int PHRASE_CHARACTERS_MAX = 512;
  private static final Logger LOG = LoggerFactory.getLogger(BindingErrors.class);

  private BindingErrors() {}

  /** Returns an answer with the phrase in the body too, for people. */
  static Response answer(int status, String phrase) {
    String line = phrase.replaceAll("\\p{Cntrl}", " ");
    String cut = line.substring(0, Math.min(line.length(), PHRASE_CHARACTERS_MAX));
    String raw = new String(cut.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    return Response.text(status, "text/plain; charset=utf-8", phrase + "\n").reason(raw);
  }

  @Override
  public Response of(SelvedgeException failure) {
    String message = String.valueOf(failure.getMessage());
    return switch (failure) {
      case BindingFailure own -> answer(own.status(), message);
      case BulkGetException bad -> answer(bad.status(), message);
      case BulkKeyException bad -> of(bad.cause());
      case InvalidKeyException key when key.reason() == InvalidKeyException.Reason.TOO_LONG ->
          answer(414, message);
      case OutsideGrantException _ -> answer(403, message);
      case NamespaceNotFoundException _ -> answer(400, message);
      case OverQuotaException over -> overQuota(over);
      case LimitExceededException _ -> answer(413, message);
      case StorageFullException _ -> answer(507, message);
      case OutcomeUnknownException _ -> answer(502, message);
      case OverloadedException _ -> answer(503, message).header(HeaderNames.RETRY_AFTER, "1");
      case NotHereException _ -> answer(421, message);
      case StaleException _ -> answer(503, message).header(HeaderNames.RETRY_AFTER, "1");
      case StoreDamagedException _ -> {
        LOG.error("a binding met damage on disk: {}", message);
        yield answer(500, "the store is damaged; see its log");
      }
      default ->
          switch (failure.remedy()) {
            case CALLER -> answer(400, message);
            case OPERATOR, TIME -> {
              LOG.error("a request of a binding failed: {}", message);
              LOG.debug("a request of a binding failed", failure);
              yield answer(500, "the server failed: " + CommitWatch.reason(failure));
            }
          };
    };
  }

  /**
   * Returns the phrase of the runtime for a daily quota, and the standard phrase for the rate of a
   * key.
   */
  private static Response overQuota(OverQuotaException over) {
    Response response =
        switch (over.limit()) {
          case READS_PER_DAY -> spent("get");
          case WRITES_PER_DAY -> spent("put");
          case DELETES_PER_DAY -> spent("delete");
          case LISTS_PER_DAY -> spent("list");
          case KEY_WRITES_PER_SECOND -> answer(429, "Too Many Requests");
          default -> answer(429, String.valueOf(over.getMessage()));
        };
    return over.retryAfter()
        .map(Duration::toSeconds)
        .map(wait -> response.header(HeaderNames.RETRY_AFTER, Long.toString(Math.max(1, wait))))
        .orElse(response);
  }

  private static Response spent(String method) {
    return answer(429, "KV " + method + "() limit exceeded for the day.");
  }

  @Override
  public Response of(IOException failure) {
    int status =
        switch (failure) {
          case TooLongException _ -> 413;
          case MalformedBodyException _ -> 400;
          default -> 408;
        };
    return answer(status, String.valueOf(failure.getMessage()));
  }

  /** Returns the answer to a condition that the entry in place does not meet. */
  static Response conflict(Version current) {
    boolean none = current.equals(Version.NONE);
    Response response =
        answer(412, "Precondition Failed").header(HeaderNames.SELVEDGE_VERSION, current.toString());
    return none ? response : response.header(HeaderNames.ETAG, Entity.tag(current));
  }
}
