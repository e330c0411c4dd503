package selvedge.model;

import java.util.Arrays;
import java.util.Optional;

/**
 * The mode of a namespace in the REST API of Workers KV. It is stored for programs that read it;
 * all namespaces behave the same.
 */
public enum NamespaceMode {
  /** No mode was set. */
  UNSET(""),
  /** The mode {@code instant}. */
  INSTANT("instant"),
  /** The mode {@code classic}. */
  CLASSIC("classic");

  private final String text;

  NamespaceMode(String text) {
    this.text = text;
  }

  /**
   * Returns the mode as the REST API spells it.
   *
   * @return empty for {@link #UNSET}
   */
  public String text() {
    return text;
  }

  /**
   * Returns the mode with a spelling of the REST API.
   *
   * @param text the spelling
   * @return empty if there is no such mode
   */
  public static Optional<NamespaceMode> of(String text) {
    return Arrays.stream(values())
        .filter(mode -> mode != UNSET && mode.text.equals(text))
        .findFirst();
  }
}
