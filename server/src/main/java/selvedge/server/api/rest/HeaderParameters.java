package selvedge.server.api.rest;

import java.util.Optional;

/** The parameters after the first semicolon of a header, such as {@code name="value"}. */
final class HeaderParameters {
  private final String header;
  private int at;

  private HeaderParameters(String header) {
    this.header = header;
    this.at = header.indexOf(';');
  }

  /**
   * Returns the value of the parameter, whose name may have any case and whose value may be quoted.
   */
  static Optional<String> find(String header, String name) {
    return new HeaderParameters(header).find(name);
  }

  private Optional<String> find(String wanted) {
    while (at >= 0 && at < header.length()) {
      at++;
      int equals = header.indexOf('=', at);
      if (equals < 0) {
        return Optional.empty();
      }
      int semicolon = header.indexOf(';', at);
      if (semicolon >= 0 && semicolon < equals) {
        at = semicolon;
        continue;
      }
      String name = header.substring(at, equals).strip();
      at = equals + 1;
      String value = value();
      if (name.equalsIgnoreCase(wanted)) {
        return Optional.of(value);
      }
      at = header.indexOf(';', at);
    }
    return Optional.empty();
  }

  private String value() {
    while (at < header.length() && (header.charAt(at) == ' ' || header.charAt(at) == '\t')) {
      at++;
    }
    if (at < header.length() && header.charAt(at) == '"') {
      at++;
      return quoted();
    }
    int end = header.indexOf(';', at);
    return header.substring(at, end < 0 ? header.length() : end).strip();
  }

  /** Reads up to the closing quote, and skips it. */
  private String quoted() {
    var value = new StringBuilder();
    while (at < header.length()) {
      char c = header.charAt(at++);
      if (c == '"') {
        return value.toString();
      }
      boolean escape =
          c == '\\'
              && at < header.length()
              && (header.charAt(at) == '"' || header.charAt(at) == '\\');
      value.append(escape ? header.charAt(at++) : c);
    }
    return value.toString();
  }
}
