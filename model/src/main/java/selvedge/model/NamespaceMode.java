package selvedge.model;

import java.util.Arrays;
import java.util.Optional;

/**
 * The mode that a namespace was created with at the REST API of Workers KV. It is kept for the
 * programs that read it back; every namespace here behaves alike.
 */
public enum NamespaceMode {
  UNSET(""),
  INSTANT("instant"),
  CLASSIC("classic");

  private final String text;

  NamespaceMode(String text) {
    this.text = text;
  }

  /** Returns the mode as the REST API spells it; empty if none was set. */
  public String text() {
    return text;
  }

  /** Returns the mode that is spelled so, or nothing if there is no such mode. */
  public static Optional<NamespaceMode> of(String text) {
    return Arrays.stream(values())
        .filter(mode -> mode != UNSET && mode.text.equals(text))
        .findFirst();
  }
}
