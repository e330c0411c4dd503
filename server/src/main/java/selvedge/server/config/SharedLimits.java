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

/** Stores the limits that apply to clients, so that edges have the same ones as their origin. */
public final class SharedLimits {
  private static final Key KEY = Key.of("settings/limits");

  private SharedLimits() {}

  /** Stores a line for each limit, unless the same text is stored already. */
  public static void write(Namespace system, Limits limits) {
    String lines =
        Arrays.stream(Limit.values())
            .filter(Limit::isShared)
            .map(limit -> limit.id() + "=" + limits.get(limit))
            .collect(Collectors.joining("\n"));
    Bytes text = Bytes.utf8(lines);
    boolean isStored =
        system.get(KEY) instanceof Lookup.Found found && found.entry().value().bytes().equals(text);
    if (!isStored) {
      system.put(KEY, text, WriteOptions.PLAIN);
    }
  }

  /**
   * Returns the limits of an edge: the shared limits of its origin, and its own for the others.
   *
   * @param explicitLimits the limits that are set at this edge, which take precedence
   */
  public static Limits read(Namespace system, Limits own, Set<Limit> explicitLimits) {
    Map<Limit, Long> shared = new EnumMap<>(Limit.class);
    if (system.get(KEY) instanceof Lookup.Found found) {
      for (String line : found.entry().value().bytes().utf8().lines().toList()) {
        read(line, shared);
      }
    }
    shared.keySet().removeAll(explicitLimits);
    return own.with(shared);
  }

  /** Parses a line. Unknown limits are ignored: the origin may have a later version. */
  private static void read(String line, Map<Limit, Long> shared) {
    int equals = line.indexOf('=');
    String id = line.substring(0, Math.max(equals, 0));
    for (Limit limit : Limit.values()) {
      if (limit.id().equals(id)) {
        try {
          shared.put(limit, Long.parseLong(line.substring(equals + 1)));
        } catch (NumberFormatException e) {
          throw new InvalidRequestException(
              "a limit of the origin must be a number, got \"" + line + "\"");
        }
      }
    }
  }
}
