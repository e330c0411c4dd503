package selvedge.model;

/** A wish to change something. */
public sealed interface Mutation {

  /** Whether it changes an entry whose key has the prefix, or may have done so. */
  boolean touches(Bytes keyPrefix);

  /** Stores an entry, whole: value, metadata and expiry replace what was there. */
  record Put(Key key, Value value, Metadata metadata, Expiry expiry) implements Mutation {
    @Override
    public boolean touches(Bytes keyPrefix) {
      return key.bytes().startsWith(keyPrefix);
    }
  }

  /** Removes an entry. Removing what is not there is no error. */
  record Delete(Key key) implements Mutation {
    @Override
    public boolean touches(Bytes keyPrefix) {
      return key.bytes().startsWith(keyPrefix);
    }
  }

  /** Removes every entry whose key starts with the prefix; with an empty one, all of them. */
  record Clear(Bytes prefix) implements Mutation {
    @Override
    public boolean touches(Bytes keyPrefix) {
      return prefix.startsWith(keyPrefix) || keyPrefix.startsWith(prefix);
    }
  }
}
