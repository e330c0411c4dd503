package selvedge.verification.simulation;

/** A promise that was broken. */
final class Violation extends RuntimeException {
  private static final long serialVersionUID = 1;

  Violation(String message) {
    super(message);
  }
}
