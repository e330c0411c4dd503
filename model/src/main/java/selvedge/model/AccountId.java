package selvedge.model;

/**
 * The id of an account.
 *
 * @param hex 32 lower-case hex characters
 */
public record AccountId(String hex) implements Comparable<AccountId> {

  /**
   * Checks the text.
   *
   * @throws InvalidRequestException if it is not 32 lower-case hex characters
   */
  public AccountId {
    Hex128.require(hex, "account id");
  }

  /**
   * Returns whether a text has the form of an id. The account need not exist.
   *
   * @param text any text
   * @return whether it is 32 lower-case hex characters
   */
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
