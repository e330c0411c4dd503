package selvedge.model;

/** A change of a namespace that is requested or was made. */
public sealed interface Mutation {

  /**
   * Returns whether it may change an entry whose key has a prefix.
   *
   * @param keyPrefix the start of the keys; empty for all keys
   * @return false only if it certainly changes no such entry
   */
  boolean touches(Bytes keyPrefix);

  /**
   * Puts an entry: it replaces value, metadata and expiry of an entry in place.
   *
   * @param key the key
   * @param value the value
   * @param metadata the metadata
   * @param expiry when the entry expires
   */
  record Put(Key key, Value value, Metadata metadata, Expiry expiry) implements Mutation {
    @Override
    public boolean touches(Bytes keyPrefix) {
      return key.bytes().startsWith(keyPrefix);
    }
  }

  /**
   * Deletes an entry. A missing key is not an error.
   *
   * @param key the key
   */
  record Delete(Key key) implements Mutation {
    @Override
    public boolean touches(Bytes keyPrefix) {
      return key.bytes().startsWith(keyPrefix);
    }
  }

  /**
   * Deletes every entry whose key has a prefix.
   *
   * @param prefix the start of the keys; empty for all keys
   */
  record Clear(Bytes prefix) implements Mutation {
    @Override
    public boolean touches(Bytes keyPrefix) {
      return prefix.startsWith(keyPrefix) || keyPrefix.startsWith(prefix);
    }
  }
}
