package selvedge.server.site;

import selvedge.model.Limits;
import selvedge.model.Namespace;
import selvedge.server.config.RunningLimits;
import selvedge.server.config.SharedLimits;

/**
 * The limits of an edge: those that clients see come from its origin, unless they are set at the
 * edge. Safe for use by many threads.
 */
final class EdgeLimits {
  private final Namespace system;
  private final RunningLimits own;
  private final Limits view = Limits.following(this::current);
  private volatile Limits current;

  EdgeLimits(Namespace system, RunningLimits own) {
    this.system = system;
    this.own = own;
    this.current = read();
  }

  private Limits read() {
    return SharedLimits.read(system, own.view(), own.explicit());
  }

  private Limits current() {
    return current;
  }

  /** Takes the limits that are stored and set now. */
  void reload() {
    current = read();
  }

  /** Returns the limits, whose values follow every change. */
  Limits view() {
    return view;
  }
}
