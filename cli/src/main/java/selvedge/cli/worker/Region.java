package selvedge.cli.worker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import selvedge.model.InvalidRequestException;

/**
 * A location that a Worker runs in during development.
 *
 * @param delay the delay to the origin in each direction
 */
record Region(String location, Duration delay) {
  private static final Pattern FORM = Pattern.compile("([A-Za-z0-9._-]{1,64}):(\\d{1,5})ms");

  /** Parses a list such as {@code fra:40ms,syd:140ms}. */
  static List<Region> list(String text) {
    List<Region> regions = new ArrayList<>();
    Set<String> locations = new HashSet<>();
    for (String entry : text.split(",", -1)) {
      Matcher matcher = FORM.matcher(entry.strip());
      if (!matcher.matches() || !locations.add(matcher.group(1))) {
        throw new InvalidRequestException(
            "--edges must be different locations with delays, such as fra:40ms,syd:140ms,"
                + " got \""
                + text
                + "\"");
      }
      Duration delay = Duration.ofMillis(Long.parseLong(matcher.group(2)));
      regions.add(new Region(matcher.group(1), delay));
    }
    return regions;
  }
}
