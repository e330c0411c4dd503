package selvedge.model;

/** What a read of one key found, and the version the answer is as of. */
public sealed interface Lookup {

  /** The newest change that the answer takes into account. */
  Version asOf();

  /** The key has an entry. */
  record Found(Entry entry, Version asOf) implements Lookup {}

  /** The key has no entry, or one that has expired. */
  record Missing(Version asOf) implements Lookup {}
}
