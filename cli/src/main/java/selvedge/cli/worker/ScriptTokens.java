package selvedge.cli.worker;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;

/**
 * Splits JavaScript into the tokens that are needed to find imports.
 *
 * <p>A slash starts a regular expression or is a division. The JavaScript grammar decides that with
 * a full parse. This class uses the token before the slash and, after a closing bracket, the token
 * before the opening bracket.
 */
final class ScriptTokens {
  private static final Set<String> BEFORE_EXPRESSION =
      Set.of(
          "await",
          "case",
          "default",
          "delete",
          "do",
          "else",
          "extends",
          "in",
          "instanceof",
          "new",
          "of",
          "return",
          "throw",
          "typeof",
          "void",
          "yield");
  private static final Set<String> BEFORE_CONDITION = Set.of("for", "if", "while", "with");
  private static final Set<String> BEFORE_BLOCK = Set.of("do", "else", "finally", "try");
  private static final Set<String> AFTER_EXPORT =
      Set.of("async", "class", "const", "default", "function", "let", "var", "*", "{");

  private final String source;
  private final List<Token> tokens = new ArrayList<>();
  private final Deque<Open> open = new ArrayDeque<>();
  private int at;

  /** The type of a token. */
  enum Kind {
    NONE,
    WORD,
    STRING,
    PUNCTUATION,
    /** A number, a regular expression or a template with expressions in it. */
    OTHER
  }

  /**
   * A token.
   *
   * @param endsValue whether a slash after it is a division
   */
  record Token(Kind kind, String text, boolean endsValue) {
    static final Token NONE = new Token(Kind.NONE, "", false);

    /** Returns whether the token is this word or punctuation; false for a string with this text. */
    boolean is(String expected) {
      return (kind == Kind.WORD || kind == Kind.PUNCTUATION) && text.equals(expected);
    }

    boolean startsExport() {
      return kind != Kind.STRING && AFTER_EXPORT.contains(text);
    }
  }

  /**
   * An open bracket.
   *
   * @param template whether it opens an expression in a template
   * @param value whether its closing bracket ends a value
   */
  private record Open(boolean template, boolean value) {
    static final Open NOTHING = new Open(false, true);
  }

  private ScriptTokens(String source) {
    this.source = source;
  }

  static List<Token> of(String source) {
    var scan = new ScriptTokens(source);
    if (source.startsWith("#!")) {
      scan.skipLine();
    }
    while (scan.at < source.length()) {
      scan.next();
    }
    return scan.tokens;
  }

  private void next() {
    char c = source.charAt(at);
    if (Character.isWhitespace(c) || Character.isSpaceChar(c) || c == '\uFEFF') {
      at++;
    } else if (source.startsWith("//", at)) {
      skipLine();
    } else if (source.startsWith("/*", at)) {
      int end = source.indexOf("*/", at + 2);
      at = end < 0 ? source.length() : end + 2;
    } else if (c == '"' || c == '\'') {
      string(c);
    } else if (c == '`') {
      template(at + 1, true);
    } else if (c == '/' && !last().endsValue()) {
      regularExpression();
    } else if (Character.isJavaIdentifierPart(c)) {
      word();
    } else if (c == '}' && !open.isEmpty() && open.peek().template()) {
      open.pop();
      template(at + 1, false);
    } else {
      punctuation(c);
    }
  }

  private Token last() {
    return tokens.isEmpty() ? Token.NONE : tokens.getLast();
  }

  private void add(Kind kind, String text, boolean endsValue) {
    tokens.add(new Token(kind, text, endsValue));
  }

  private void skipLine() {
    while (at < source.length() && !isLineEnd(source.charAt(at))) {
      at++;
    }
  }

  private static boolean isLineEnd(char c) {
    return c == '\n' || c == '\r' || c == '\u2028' || c == '\u2029';
  }

  private void string(char quote) {
    var text = new StringBuilder();
    for (at++; at < source.length(); at++) {
      char c = source.charAt(at);
      if (c == quote || c == '\n') {
        break;
      }
      if (c == '\\' && at + 1 < source.length()) {
        at++;
      }
      text.append(source.charAt(at));
    }
    at++;
    add(Kind.STRING, text.toString(), true);
  }

  /**
   * Reads a template, or the rest of one after an expression in it.
   *
   * @param isStart whether no expression was read before
   */
  private void template(int start, boolean isStart) {
    for (at = start; at < source.length(); at++) {
      char c = source.charAt(at);
      if (c == '\\') {
        at++;
      } else if (c == '`') {
        add(isStart ? Kind.STRING : Kind.OTHER, source.substring(start, at), true);
        at++;
        return;
      } else if (source.startsWith("${", at)) {
        at += 2;
        open.push(new Open(true, false));
        add(Kind.OTHER, "", false);
        return;
      }
    }
  }

  private void regularExpression() {
    boolean inClass = false;
    for (at++; at < source.length() && !isLineEnd(source.charAt(at)); at++) {
      char c = source.charAt(at);
      if (c == '\\') {
        at++;
      } else if (c == '/' && !inClass) {
        break;
      } else if (c == '[' || c == ']') {
        inClass = c == '[';
      }
    }
    for (at++; at < source.length() && Character.isLetter(source.charAt(at)); at++) {}
    add(Kind.OTHER, "", true);
  }

  private void word() {
    int start = at;
    boolean number = Character.isDigit(source.charAt(at));
    while (at < source.length() && isPart(source.charAt(at), number)) {
      at++;
    }
    String word = source.substring(start, at);
    boolean property = last().is(".");
    boolean beforeExpression = !property && BEFORE_EXPRESSION.contains(word);
    add(number ? Kind.OTHER : Kind.WORD, word, number || !beforeExpression);
  }

  private static boolean isPart(char c, boolean number) {
    return Character.isJavaIdentifierPart(c) || (number && c == '.');
  }

  private void punctuation(char c) {
    at++;
    boolean endsValue =
        switch (c) {
          case '(' -> {
            boolean condition =
                last().kind() == Kind.WORD && BEFORE_CONDITION.contains(last().text());
            open.push(new Open(false, !condition || isProperty()));
            yield false;
          }
          case '[' -> {
            open.push(Open.NOTHING);
            yield false;
          }
          case '{' -> {
            open.push(new Open(false, !startsBlock()));
            yield false;
          }
          case ')', ']', '}' -> close().value();
          // A slash after x++ or x-- is a division.
          case '+', '-' -> last().is(String.valueOf(c)) && source.charAt(at - 2) == c;
          default -> false;
        };
    add(Kind.PUNCTUATION, String.valueOf(c), endsValue);
  }

  private boolean isProperty() {
    return tokens.size() > 1 && tokens.get(tokens.size() - 2).is(".");
  }

  private boolean startsBlock() {
    Token last = last();
    return switch (last.kind()) {
      case NONE -> true;
      case WORD -> BEFORE_BLOCK.contains(last.text()) || !BEFORE_EXPRESSION.contains(last.text());
      case STRING, OTHER -> false;
      case PUNCTUATION ->
          last.is(";") || last.is("{") || last.is("}") || last.is(")") || last.is(">");
    };
  }

  private Open close() {
    return open.isEmpty() ? Open.NOTHING : open.pop();
  }
}
