package selvedge.model;

/** The id of a namespace: 32 lower-case hex characters. */
public record NamespaceId(String hex) implements Comparable<NamespaceId> {

  /** Of what a server keeps for itself; no account owns it and no client can name it. */
  public static final NamespaceId SYSTEM = new NamespaceId("0".repeat(32));

  public NamespaceId {
    Hex128.require(hex, "namespace id");
  }

  /** Returns whether the text has the form of an id; says nothing about whether it exists. */
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
