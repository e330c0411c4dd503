package selvedge.server.api.route;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The path of a route, such as {@code /namespaces/{namespace}/values/{key}}. Immutable.
 *
 * <p>A variable stands for one segment, which may be empty where a segment follows, unless it is
 * {@code {account}}. {@code {key}} stands for the rest of the path, and {@code {key?}} for a rest
 * that may be empty. {@code [/one|/other]} stands for either text.
 */
public final class PathTemplate {
  private static final Pattern PART = Pattern.compile("\\{(\\w+)(\\??)}|\\[([^]]*)]|[^{\\[]+");

  private final String text;
  private final List<Part> parts;

  private sealed interface Part {}

  /** One of these texts. */
  private record Literal(List<String> options) implements Part {}

  private record Segment(Variable variable) implements Part {}

  private record Rest(boolean mayBeEmpty) implements Part {}

  /** What a variable part of a path names. */
  enum Variable {
    ACCOUNT,
    NAMESPACE,
    TOKEN
  }

  /** The variable parts of one path, still encoded; empty where the path has none. */
  record Values(String account, String namespace, String token, String key) {
    static final Values NONE = new Values("", "", "", "");

    /** The same in a namespace that is named elsewhere; empty for the one that is named here. */
    Values in(String other) {
      return other.isEmpty() ? this : new Values(account, other, token, key);
    }
  }

  private PathTemplate(String text, List<Part> parts) {
    this.text = text;
    this.parts = List.copyOf(parts);
  }

  static PathTemplate of(String text) {
    List<Part> parts = new ArrayList<>();
    Matcher matcher = PART.matcher(text);
    while (matcher.find()) {
      if (matcher.group(3) != null) {
        parts.add(new Literal(List.of(matcher.group(3).split("\\|", -1))));
      } else if (matcher.group(1) == null) {
        parts.add(new Literal(List.of(matcher.group())));
      } else {
        parts.add(variable(matcher.group(1), !matcher.group(2).isEmpty()));
      }
    }
    return new PathTemplate(text, parts);
  }

  private static Part variable(String name, boolean mayBeEmpty) {
    return switch (name) {
      case "key" -> new Rest(mayBeEmpty);
      case "account" -> new Segment(Variable.ACCOUNT);
      case "token" -> new Segment(Variable.TOKEN);
      case "namespace", "title" -> new Segment(Variable.NAMESPACE);
      default -> throw new IllegalArgumentException("a path has no variable {" + name + "}");
    };
  }

  /** Returns the variable parts of the path behind that place; empty if it has another form. */
  Optional<Values> match(String path, int from) {
    int at = from;
    String account = "";
    String namespace = "";
    String token = "";
    String key = "";
    for (Part part : parts) {
      switch (part) {
        case Literal(List<String> options) -> {
          int end = end(options, path, at);
          if (end < 0) {
            return Optional.empty();
          }
          at = end;
        }
        case Segment(Variable variable) -> {
          int slash = path.indexOf('/', at);
          int end = slash < 0 ? path.length() : slash;
          if (end == at && (slash < 0 || variable == Variable.ACCOUNT)) {
            return Optional.empty();
          }
          String segment = path.substring(at, end);
          switch (variable) {
            case ACCOUNT -> account = segment;
            case NAMESPACE -> namespace = segment;
            case TOKEN -> token = segment;
          }
          at = end;
        }
        case Rest(boolean mayBeEmpty) -> {
          if (at == path.length() && !mayBeEmpty) {
            return Optional.empty();
          }
          key = path.substring(at);
          at = path.length();
        }
      }
    }
    return at == path.length()
        ? Optional.of(new Values(account, namespace, token, key))
        : Optional.empty();
  }

  /** Returns the end of the first option that stands there; -1 if none does. */
  private static int end(List<String> options, String path, int at) {
    for (String option : options) {
      if (path.startsWith(option, at)) {
        return at + option.length();
      }
    }
    return -1;
  }

  /** Returns the path as the documentation writes it, in one of several forms. */
  public String shown() {
    var shown = new StringBuilder();
    Matcher matcher = PART.matcher(text);
    while (matcher.find()) {
      if (matcher.group(3) != null) {
        List<String> options = List.of(matcher.group(3).split("\\|", -1));
        boolean isLast = matcher.end() == text.length();
        shown.append(isLast ? options.getLast() : options.getFirst());
      } else {
        shown.append(matcher.group().replace("?", ""));
      }
    }
    return shown.toString();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PathTemplate template && template.text.equals(text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return text;
  }
}
