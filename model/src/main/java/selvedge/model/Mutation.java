package selvedge.model;

/** A wish to change something. */
public sealed interface Mutation {

  /** Stores an entry, whole: value, metadata and expiry replace what was there. */
  record Put(Key key, Value value, Metadata metadata, Expiry expiry) implements Mutation {}

  /** Removes an entry. Removing what is not there is no error. */
  record Delete(Key key) implements Mutation {}

  /** Removes every entry whose key starts with the prefix; with an empty one, all of them. */
  record Clear(Bytes prefix) implements Mutation {}
}
