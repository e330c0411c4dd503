package selvedge.model;

import java.util.NoSuchElementException;
import java.util.Optional;

/** The result of a read of one key. A missing key is a result, not an error. */
public sealed interface Lookup {

  /**
   * Returns the newest change that the answer takes into account.
   *
   * @return a version of the store, which need not be that of the entry
   */
  Version asOf();

  /**
   * Returns the entry, if there is one.
   *
   * @return empty if the key has no entry, or one that has expired
   */
  Optional<Entry> find();

  /**
   * Returns the entry, for keys that must have one.
   *
   * @return the entry
   * @throws NoSuchElementException if the key has no entry, or one that has expired
   */
  default Entry orElseThrow() {
    return find().orElseThrow(() -> new NoSuchElementException("the key has no entry"));
  }

  /**
   * The key has an entry.
   *
   * @param entry the entry as of the version
   * @param asOf the newest change that the answer takes into account
   */
  record Found(Entry entry, Version asOf) implements Lookup {
    @Override
    public Optional<Entry> find() {
      return Optional.of(entry);
    }
  }

  /**
   * The key has no entry, or one that has expired.
   *
   * @param asOf the newest change that the answer takes into account
   */
  record Missing(Version asOf) implements Lookup {
    @Override
    public Optional<Entry> find() {
      return Optional.empty();
    }
  }
}
