package selvedge.model;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** A named set of values for all limits. */
public enum Profile {
  /** The sizes of Workers KV without its quotas. */
  OPEN,
  /** The limits and quotas of the free plan of Workers KV. */
  WORKERS_FREE,
  /** The limits and quotas of the paid plan of Workers KV. */
  WORKERS_PAID;

  /**
   * Returns the name in configuration, such as {@code workers-free}.
   *
   * @return the name
   */
  public String id() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /**
   * Returns the profile with a name.
   *
   * @param id the name in configuration
   * @return the profile
   * @throws InvalidRequestException if there is no such profile
   */
  public static Profile of(String id) {
    return Arrays.stream(values())
        .filter(profile -> profile.id().equals(id))
        .findFirst()
        .orElseThrow(
            () ->
                new InvalidRequestException(
                    "there is no profile \"" + id + "\"; it must be one of " + all()));
  }

  private static String all() {
    return Arrays.stream(values()).map(Profile::id).collect(Collectors.joining(", "));
  }
}
