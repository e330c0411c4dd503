package selvedge.cli.remote;

import java.util.Locale;

/** Escapes text from a server for a terminal. */
public final class TerminalText {
  private TerminalText() {}

  /** Returns the text with control and format characters as visible escapes. */
  public static String escape(String text) {
    if (text.codePoints().noneMatch(TerminalText::isHidden)) {
      return text;
    }
    var escaped = new StringBuilder();
    text.codePoints()
        .forEach(
            point -> {
              if (isHidden(point)) {
                escaped.append(String.format(Locale.ROOT, "\\u{%x}", point));
              } else {
                escaped.appendCodePoint(point);
              }
            });
    return escaped.toString();
  }

  /**
   * Returns whether the character starts an escape sequence, breaks a line or changes the writing
   * direction.
   */
  private static boolean isHidden(int point) {
    int type = Character.getType(point);
    return type == Character.CONTROL
        || type == Character.FORMAT
        || type == Character.LINE_SEPARATOR
        || type == Character.PARAGRAPH_SEPARATOR;
  }
}
