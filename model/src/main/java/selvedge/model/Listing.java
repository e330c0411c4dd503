package selvedge.model;

/**
 * A request for one page of keys in unsigned byte order.
 *
 * @param prefix the start of every key; empty for all keys
 * @param from the first key that may appear; empty to start at the beginning
 * @param limit the greatest number of keys, at least 1
 */
public record Listing(Bytes prefix, Bytes from, int limit) {

  /**
   * Checks the limit.
   *
   * @throws InvalidRequestException if it is less than 1
   */
  public Listing {
    if (limit < 1) {
      throw new InvalidRequestException("the limit of a page must be at least 1, got " + limit);
    }
  }

  /**
   * Returns a request for the first keys.
   *
   * @param limit the greatest number of keys
   * @return the request
   */
  public static Listing all(int limit) {
    return new Listing(Bytes.EMPTY, Bytes.EMPTY, limit);
  }

  /**
   * Returns a request for the first keys with a prefix.
   *
   * @param prefix the start of the keys
   * @param limit the greatest number of keys
   * @return the request
   */
  public static Listing prefix(String prefix, int limit) {
    return new Listing(Bytes.utf8(prefix), Bytes.EMPTY, limit);
  }

  /**
   * Returns a copy that starts with a key or the first one after it.
   *
   * @param first the bytes of the key
   * @return the changed copy
   */
  public Listing from(Bytes first) {
    return new Listing(prefix, first, limit);
  }

  /**
   * Returns a copy that starts after a key, for the page after the one that ends with it.
   *
   * @param last the last key of the page before
   * @return the changed copy
   */
  public Listing after(Key last) {
    return from(last.bytes().successor());
  }
}
