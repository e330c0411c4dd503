package selvedge.client;

import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import selvedge.model.InvalidKeyException;
import selvedge.model.InvalidRequestException;
import selvedge.model.LimitExceededException;
import selvedge.model.NamespaceNotFoundException;
import selvedge.model.OverloadedException;
import selvedge.model.SelvedgeException;
import selvedge.model.StaleException;
import selvedge.model.StorageFullException;
import selvedge.model.WatchLostException;

/** Turns the error answers of a server into exceptions. */
final class Failures {
  private static final Pattern CODE = Pattern.compile("\"code\":\"([a-z_-]+)\"");
  private static final int GONE = 410;
  private static final Pattern MESSAGE = Pattern.compile("\"message\":\"((?:[^\"\\\\]|\\\\.)*)\"");

  private Failures() {}

  /** Returns the exception for the JSON document {@code {"error":{"code","message"}}}. */
  static SelvedgeException of(int status, byte[] body) {
    String text = new String(body, StandardCharsets.UTF_8);
    String code = first(CODE, text);
    String message = JsonStrings.unescape(first(MESSAGE, text));
    String explanation = message.isEmpty() ? "the server answered " + status : message;
    return switch (code) {
      case "invalid_request", "body_incomplete" -> new InvalidRequestException(explanation);
      case "invalid_key" ->
          new InvalidKeyException(InvalidKeyException.Reason.NOT_UTF8, explanation);
      case "key_too_long", "over_limit" -> new LimitExceededException(explanation);
      case "namespace_not_found" -> new NamespaceNotFoundException(explanation);
      case "storage_full" -> new StorageFullException(explanation);
      case "overloaded" -> new OverloadedException(explanation);
      case "stale" -> new StaleException(explanation);
      case "no_route" ->
          new IncompatibleException(
              explanation + ": the server is of an older release than this client");
      case "trimmed", "other_epoch" -> new WatchLostException(explanation);
      case "lineage-changed" ->
          status == GONE
              ? new WatchLostException(explanation)
              : new RefusedException(status, explanation);
      default -> new RefusedException(status, explanation);
    };
  }

  static String code(byte[] body) {
    return first(CODE, new String(body, StandardCharsets.UTF_8));
  }

  private static String first(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    return matcher.find() ? matcher.group(1) : "";
  }
}
