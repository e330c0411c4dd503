package selvedge.server.config;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import selvedge.model.Bytes;
import selvedge.model.InvalidRequestException;
import selvedge.model.Key;
import selvedge.model.Limit;
import selvedge.model.Limits;
import selvedge.model.Lookup;
import selvedge.model.Namespace;
import selvedge.model.WriteOptions;

/** The limits that clients meet, as an origin writes them down for its edges. */
public final class SharedLimits {
  private static final Key KEY = Key.of("settings/limits");

  private SharedLimits() {}

  /** Writes a line for each limit, unless they stand there already. */
  public static void write(Namespace system, Limits limits) {
    String lines =
        Arrays.stream(Limit.values())
            .filter(Limit::isShared)
            .map(limit -> limit.id() + "=" + limits.get(limit))
            .collect(Collectors.joining("\n"));
    Bytes text = Bytes.utf8(lines);
    boolean known =
        system.get(KEY) instanceof Lookup.Found found && found.entry().value().bytes().equals(text);
    if (!known) {
      system.put(KEY, text, WriteOptions.PLAIN);
    }
  }

  /**
   * The limits of an edge: its origin's, but for those that are its own affair.
   *
   * @param set those that somebody has set at this edge
   */
  public static Limits read(Namespace system, Limits own, Set<Limit> set) {
    Map<Limit, Long> shared = new EnumMap<>(Limit.class);
    if (system.get(KEY) instanceof Lookup.Found found) {
      for (String line : found.entry().value().bytes().utf8().lines().toList()) {
        read(line, shared);
      }
    }
    shared.keySet().removeAll(set);
    return own.with(shared);
  }

  /** An origin of a later version may have limits that nobody knows here. */
  private static void read(String line, Map<Limit, Long> shared) {
    int equals = line.indexOf('=');
    String id = line.substring(0, Math.max(equals, 0));
    for (Limit limit : Limit.values()) {
      if (limit.id().equals(id)) {
        try {
          shared.put(limit, Long.parseLong(line.substring(equals + 1)));
        } catch (NumberFormatException e) {
          throw new InvalidRequestException("a limit of the origin is no number: " + line);
        }
      }
    }
  }
}
