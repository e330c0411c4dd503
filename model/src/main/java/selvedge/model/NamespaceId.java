package selvedge.model;

/**
 * The id of a namespace.
 *
 * @param hex 32 lower-case hex characters
 */
public record NamespaceId(String hex) implements Comparable<NamespaceId> {

  /** The namespace in which a server keeps its own entries. No account owns it. */
  public static final NamespaceId SYSTEM = new NamespaceId("0".repeat(32));

  /**
   * Checks the text.
   *
   * @throws InvalidRequestException if it is not 32 lower-case hex characters
   */
  public NamespaceId {
    Hex128.require(hex, "namespace id");
  }

  /**
   * Returns whether a text has the form of an id. The namespace need not exist.
   *
   * @param text any text
   * @return whether it is 32 lower-case hex characters
   */
  public static boolean isWellFormed(String text) {
    return Hex128.matches(text);
  }

  @Override
  public int compareTo(NamespaceId other) {
    return hex.compareTo(other.hex);
  }

  @Override
  public String toString() {
    return hex;
  }
}
