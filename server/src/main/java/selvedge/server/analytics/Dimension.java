package selvedge.server.analytics;

import java.util.Locale;

/** What operations can be grouped by. */
public enum Dimension {
  TIME,
  NAMESPACE,
  PLACE,
  OPERATION,
  STATUS;

  /** Returns the name in queries and answers, such as {@code place}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
