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

/** Turns the errors of a server into what they were there. */
final class Failures {
  private static final Pattern CODE = Pattern.compile("\"code\":\"([a-z_-]+)\"");
  private static final int GONE = 410;
  private static final Pattern MESSAGE = Pattern.compile("\"message\":\"((?:[^\"\\\\]|\\\\.)*)\"");
  private static final Pattern ESCAPE = Pattern.compile("\\\\(u[0-9a-fA-F]{4}|.)");

  private Failures() {}

  /**
   * @param body the JSON document {@code {"error":{"code","message"}}}
   */
  static SelvedgeException of(int status, byte[] body) {
    String text = new String(body, StandardCharsets.UTF_8);
    String code = first(CODE, text);
    String message = unescaped(first(MESSAGE, text));
    String told = message.isEmpty() ? "the server answers " + status : message;
    return switch (code) {
      case "invalid_request", "body_incomplete" -> new InvalidRequestException(told);
      case "invalid_key" -> new InvalidKeyException(InvalidKeyException.Reason.NOT_UTF8, told);
      case "key_too_long", "over_limit" -> new LimitExceededException(told);
      case "namespace_not_found" -> new NamespaceNotFoundException(told);
      case "storage_full" -> new StorageFullException(told);
      case "overloaded" -> new OverloadedException(told);
      case "stale" -> new StaleException(told);
      case "trimmed", "other_epoch" -> new WatchLostException(told);
      case "lineage-changed" ->
          status == GONE ? new WatchLostException(told) : new RefusedException(status, told);
      default -> new RefusedException(status, told);
    };
  }

  static String code(byte[] body) {
    return first(CODE, new String(body, StandardCharsets.UTF_8));
  }

  private static String first(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    return matcher.find() ? matcher.group(1) : "";
  }

  private static String unescaped(String json) {
    return ESCAPE
        .matcher(json)
        .replaceAll(escape -> Matcher.quoteReplacement(character(escape.group(1))));
  }

  private static String character(String escape) {
    return switch (escape.charAt(0)) {
      case 'u' -> Character.toString((char) Integer.parseInt(escape.substring(1), 16));
      case 'n' -> "\n";
      case 't' -> "\t";
      case 'r' -> "\r";
      case 'b' -> "\b";
      case 'f' -> "\f";
      default -> escape;
    };
  }
}
