package selvedge.model;

/**
 * A question for keys in byte order: those with the prefix, from a first key on, so many of them.
 *
 * @param prefix what every key starts with; empty for all keys
 * @param from the first key that may appear; empty to start at the beginning
 */
public record Listing(Bytes prefix, Bytes from, int limit) {

  public Listing {
    if (limit < 1) {
      throw new InvalidRequestException("a page holds at least one key, not " + limit);
    }
  }

  public static Listing all(int limit) {
    return new Listing(Bytes.EMPTY, Bytes.EMPTY, limit);
  }

  public static Listing prefix(String prefix, int limit) {
    return new Listing(Bytes.utf8(prefix), Bytes.EMPTY, limit);
  }

  /** The same question, starting with {@code first} or the first key after it. */
  public Listing from(Bytes first) {
    return new Listing(prefix, first, limit);
  }

  /** The same question, starting after {@code last}. */
  public Listing after(Key last) {
    return from(last.bytes().successor());
  }
}
