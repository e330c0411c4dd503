package selvedge.engine.origin;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import selvedge.model.Bytes;
import selvedge.model.InvalidRequestException;
import selvedge.model.Key;
import selvedge.model.Lookup;
import selvedge.model.Namespace;
import selvedge.model.Put;
import selvedge.model.Version;

/** The orders of changes that a store goes on from, the newest first. */
public record Lineage(List<Ancestor> ancestors) {
  private static final Key KEY = Key.of("lineage");

  /**
   * An order of changes that came before.
   *
   * @param last what of it is here; whatever came later in it is not
   */
  public record Ancestor(long epoch, Version last) {}

  public Lineage {
    ancestors = List.copyOf(ancestors);
  }

  /** Reads it from the system namespace: lines of an epoch and a version. */
  public static Lineage of(Namespace system) {
    List<Ancestor> ancestors = new ArrayList<>();
    if (system.get(KEY) instanceof Lookup.Found found) {
      for (String line : found.entry().value().bytes().utf8().lines().toList()) {
        ancestors.add(ancestor(line));
      }
    }
    return new Lineage(ancestors);
  }

  private static Ancestor ancestor(String line) {
    try {
      int space = line.indexOf(' ');
      return new Ancestor(
          Long.parseLong(line.substring(0, Math.max(space, 0))),
          new Version(Long.parseLong(line.substring(space + 1))));
    } catch (NumberFormatException e) {
      throw new InvalidRequestException("an ancestor is an epoch and a version, not " + line);
    }
  }

  /** What is here of an older order of changes; empty if nothing is known of it. */
  public Optional<Version> lastOf(long epoch) {
    return ancestors.stream()
        .filter(ancestor -> ancestor.epoch() == epoch)
        .map(Ancestor::last)
        .findFirst();
  }

  /** Notes that the store went on from this point under another epoch. */
  public void descend(Ancestor from, Namespace system) {
    StringBuilder lines = new StringBuilder().append(from.epoch()).append(' ').append(from.last());
    for (Ancestor ancestor : ancestors) {
      lines.append('\n').append(ancestor.epoch()).append(' ').append(ancestor.last());
    }
    system.put(KEY, Bytes.utf8(lines.toString()), Put.PLAIN);
  }
}
