package selvedge.model;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** A named set of limits. */
public enum Profile {
  /** The sizes of Workers KV without its quotas. */
  OPEN,
  /** Everything the free plan of Workers KV enforces. */
  WORKERS_FREE,
  /** Everything the paid plan of Workers KV enforces. */
  WORKERS_PAID;

  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  public static Profile of(String id) {
    return Arrays.stream(values())
        .filter(profile -> profile.id().equals(id))
        .findFirst()
        .orElseThrow(
            () -> new InvalidRequestException("no profile \"" + id + "\"; there are " + all()));
  }

  private static String all() {
    return Arrays.stream(values()).map(Profile::id).collect(Collectors.joining(", "));
  }
}
