package selvedge.verification.simulation;

import java.util.List;

/** A promise that was broken, and what happened before. */
final class Violation extends RuntimeException {
  private static final long serialVersionUID = 1;

  private transient List<String> events = List.of();

  Violation(String message) {
    super(message);
  }

  Violation(String message, Throwable cause) {
    super(message, cause);
  }

  Violation after(List<String> recent) {
    events = recent;
    return this;
  }

  List<String> events() {
    return events;
  }
}
