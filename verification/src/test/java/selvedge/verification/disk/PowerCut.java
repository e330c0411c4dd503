package selvedge.verification.disk;

/**
 * The machine of a simulated disk has stopped. Every later use of the same mount throws it, too.
 */
public final class PowerCut extends RuntimeException {
  private static final long serialVersionUID = 1;

  PowerCut(String operation) {
    super(operation, null, false, false);
  }
}
