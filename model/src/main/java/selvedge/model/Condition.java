package selvedge.model;

/**
 * What must be true of the entry in place for a write to be accepted.
 *
 * {@snippet class="selvedge.examples.FirstSteps" region="condition"}
 */
public sealed interface Condition {
  Condition ALWAYS = new Always();
  Condition ABSENT = new Absent();

  static Condition version(Version version) {
    return new Is(version);
  }

  /** Anything may be in place. */
  record Always() implements Condition {}

  /** Nothing is in place, or only what has expired. */
  record Absent() implements Condition {}

  /** An entry of exactly this version is in place. */
  record Is(Version version) implements Condition {}
}
