package selvedge.patterns;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import selvedge.model.InvalidRequestException;

/**
 * Writes and reads JSON text by RFC 8259.
 *
 * <p>Objects are maps, arrays are lists, numbers are {@link BigDecimal}s, which keep every digit,
 * and {@code null} is an empty {@link Optional}. Half of a surrogate pair is written as an escape,
 * so every Java string can be read again.
 */
final class Json {
  private static final int DEPTH_MAX = 500;

  private final String text;
  private int next;
  private int depth;

  private Json(String text) {
    this.text = text;
  }

  /**
   * Returns the text of a value.
   *
   * @throws IllegalArgumentException if the value or a part of it has another type
   */
  static String write(Object value) {
    var out = new StringBuilder();
    write(value, out);
    return out.toString();
  }

  private static void write(Object value, StringBuilder out) {
    switch (value) {
      case String string -> quote(string, out);
      case Number number -> out.append(number);
      case Boolean bool -> out.append(bool);
      case Optional<?> none when none.isEmpty() -> out.append("null");
      case List<?> list -> {
        String separator = "[";
        for (Object element : list) {
          write(element, out.append(separator));
          separator = ",";
        }
        out.append(list.isEmpty() ? "[]" : "]");
      }
      case Map<?, ?> map -> {
        String separator = "{";
        for (Map.Entry<?, ?> member : map.entrySet()) {
          quote((String) member.getKey(), out.append(separator));
          write(member.getValue(), out.append(':'));
          separator = ",";
        }
        out.append(map.isEmpty() ? "{}" : "}");
      }
      default -> throw new IllegalArgumentException("no JSON type: " + value.getClass());
    }
  }

  private static void quote(String string, StringBuilder out) {
    out.append('"');
    for (int i = 0; i < string.length(); i++) {
      char c = string.charAt(i);
      boolean paired =
          i + 1 < string.length() && Character.isSurrogatePair(c, string.charAt(i + 1));
      if (paired) {
        out.append(c).append(string.charAt(++i));
      } else if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < ' ' || Character.isSurrogate(c)) {
        out.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    out.append('"');
  }

  /**
   * Returns the value of a text.
   *
   * @throws InvalidRequestException if the text is not exactly one JSON value
   */
  static Object read(String text) {
    var reader = new Json(text);
    Object value = reader.value();
    reader.space();
    if (reader.next < text.length()) {
      throw reader.invalid();
    }
    return value;
  }

  private InvalidRequestException invalid() {
    return new InvalidRequestException("not JSON at character " + next);
  }

  private Object value() {
    space();
    if (++depth > DEPTH_MAX) {
      throw invalid();
    }
    Object value =
        switch (peek()) {
          case '{' -> object();
          case '[' -> array();
          case '"' -> string();
          case 't' -> word("true", true);
          case 'f' -> word("false", false);
          case 'n' -> word("null", Optional.empty());
          default -> number();
        };
    depth--;
    return value;
  }

  private void space() {
    while (next < text.length() && " \t\r\n".indexOf(text.charAt(next)) >= 0) {
      next++;
    }
  }

  /** Returns the next character, which the text must have. */
  private char peek() {
    if (next == text.length()) {
      throw invalid();
    }
    return text.charAt(next);
  }

  /** Skips white space and a character, and returns whether the character was there. */
  private boolean skip(char wanted) {
    space();
    if (next < text.length() && text.charAt(next) == wanted) {
      next++;
      return true;
    }
    return false;
  }

  private void require(char wanted) {
    if (!skip(wanted)) {
      throw invalid();
    }
  }

  private Map<String, Object> object() {
    Map<String, Object> members = new LinkedHashMap<>();
    require('{');
    if (skip('}')) {
      return members;
    }
    do {
      space();
      String name = string();
      require(':');
      members.put(name, value());
    } while (skip(','));
    require('}');
    return members;
  }

  private List<Object> array() {
    List<Object> elements = new ArrayList<>();
    require('[');
    if (skip(']')) {
      return elements;
    }
    do {
      elements.add(value());
    } while (skip(','));
    require(']');
    return elements;
  }

  private String string() {
    if (peek() != '"') {
      throw invalid();
    }
    next++;
    int start = next;
    while (peek() != '"' && peek() != '\\' && peek() >= ' ') {
      next++;
    }
    if (peek() == '"') {
      return text.substring(start, next++);
    }
    var string = new StringBuilder(text.substring(start, next));
    while (peek() != '"') {
      char c = peek();
      if (c < ' ') {
        throw invalid();
      }
      next++;
      string.append(c == '\\' ? escaped() : c);
    }
    next++;
    return string.toString();
  }

  private char escaped() {
    char c = peek();
    next++;
    return switch (c) {
      case '"', '\\', '/' -> c;
      case 'b' -> '\b';
      case 'f' -> '\f';
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'u' -> hex();
      default -> throw invalid();
    };
  }

  private char hex() {
    int code = 0;
    for (int i = 0; i < 4; i++) {
      int digit = Character.digit(peek(), 16);
      if (digit < 0) {
        throw invalid();
      }
      next++;
      code = code * 16 + digit;
    }
    return (char) code;
  }

  private Object word(String word, Object value) {
    if (!text.startsWith(word, next)) {
      throw invalid();
    }
    next += word.length();
    return value;
  }

  private BigDecimal number() {
    int start = next;
    while (next < text.length() && "+-.eE0123456789".indexOf(text.charAt(next)) >= 0) {
      next++;
    }
    try {
      return new BigDecimal(text.substring(start, next));
    } catch (NumberFormatException e) {
      throw invalid();
    }
  }
}
