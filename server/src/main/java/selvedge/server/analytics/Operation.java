package selvedge.server.analytics;

import java.util.Locale;
import java.util.Optional;
import selvedge.server.api.route.Route;
import selvedge.server.quota.Quota;

/** A type of operation on a namespace, as analytics count it. */
public enum Operation {
  READ(0, Quota.READS),
  WRITE(1, Quota.WRITES),
  DELETE(2, Quota.DELETES),
  LIST(3, Quota.LISTS);

  /** The number of types. */
  static final int COUNT = 4;

  private static final Operation[] ALL = values();

  private final int code;
  private final Quota quota;

  Operation(int code, Quota quota) {
    this.code = code;
    this.quota = quota;
  }

  /** Returns the name in queries and answers, such as {@code read}. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns the number in files, from 0. */
  int code() {
    return code;
  }

  /** Returns the type with a number. */
  static Operation at(int code) {
    return ALL[code];
  }

  /** Returns the type of a route; empty for a route that is about no keys. */
  static Optional<Operation> of(Route route) {
    if (route.entry().quotas().isEmpty()) {
      return Optional.empty();
    }
    for (Operation each : ALL) {
      if (each.quota == route.quota()) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }
}
