package selvedge.model;

/** The id of an account: 32 lower-case hex characters. */
public record AccountId(String hex) implements Comparable<AccountId> {

  public AccountId {
    Hex128.require(hex, "account id");
  }

  /** Returns whether the text has the form of an id; says nothing about whether it exists. */
  public static boolean isWellFormed(String text) {
    return Hex128.matches(text);
  }

  @Override
  public int compareTo(AccountId other) {
    return hex.compareTo(other.hex);
  }

  @Override
  public String toString() {
    return hex;
  }
}
