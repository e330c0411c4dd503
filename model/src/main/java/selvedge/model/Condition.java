package selvedge.model;

/**
 * A condition on the entry in place, under which a write is accepted.
 *
 * {@snippet class="selvedge.examples.FirstSteps" region="condition"}
 */
public sealed interface Condition {

  /** Accepts every write. */
  Condition ALWAYS = new Always();

  /** Accepts a write if the key has no entry. */
  Condition ABSENT = new Absent();

  /**
   * Returns the condition that the entry has a version.
   *
   * @param version the version of the entry as it was read
   * @return the condition
   */
  static Condition version(Version version) {
    return new Is(version);
  }

  /** There may be any entry or none. */
  record Always() implements Condition {}

  /** There must be no entry, or one that has expired. */
  record Absent() implements Condition {}

  /**
   * The entry in place must have a version.
   *
   * @param version the version
   */
  record Is(Version version) implements Condition {}
}
