package selvedge.cli;

import java.util.Locale;

/** Text of a server or of other people, made safe for a terminal. */
final class Shown {
  private Shown() {}

  /** Returns the text with control and format characters as visible escapes. */
  static String text(String text) {
    if (text.codePoints().noneMatch(Shown::isHidden)) {
      return text;
    }
    var shown = new StringBuilder();
    text.codePoints()
        .forEach(
            point -> {
              if (isHidden(point)) {
                shown.append(String.format(Locale.ROOT, "\\u{%x}", point));
              } else {
                shown.appendCodePoint(point);
              }
            });
    return shown.toString();
  }

  /** Escape sequences, line breaks, and marks that turn the direction of writing. */
  private static boolean isHidden(int point) {
    int type = Character.getType(point);
    return type == Character.CONTROL
        || type == Character.FORMAT
        || type == Character.LINE_SEPARATOR
        || type == Character.PARAGRAPH_SEPARATOR;
  }
}
