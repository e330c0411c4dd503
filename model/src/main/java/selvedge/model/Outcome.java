package selvedge.model;

/** What became of a conditional write. */
public sealed interface Outcome {

  /** The change is durable; its version is the session token to read it by. */
  record Accepted(Version version) implements Outcome {}

  /**
   * The condition did not hold: what is in place has this version, {@link Version#NONE} if nothing.
   */
  record Conflict(Version current) implements Outcome {}
}
