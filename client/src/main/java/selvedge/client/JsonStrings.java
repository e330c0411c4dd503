package selvedge.client;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The strings of JSON documents, which are all that the client reads and writes of JSON. */
final class JsonStrings {
  private static final Pattern ESCAPE = Pattern.compile("\\\\(u[0-9a-fA-F]{4}|.)");

  private JsonStrings() {}

  /** Returns the text as a JSON string with its quotes. */
  static String quote(String text) {
    var json = new StringBuilder("\"");
    text.chars().forEach(c -> append(json, (char) c));
    return json.append('"').toString();
  }

  private static void append(StringBuilder json, char c) {
    if (c < ' ' || c == '"' || c == '\\') {
      json.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
    } else {
      json.append(c);
    }
  }

  /** Returns the text of a JSON string, given without its quotes. */
  static String unescape(String json) {
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
