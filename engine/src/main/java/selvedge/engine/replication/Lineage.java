package selvedge.engine.replication;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import selvedge.model.Bytes;
import selvedge.model.InvalidRequestException;
import selvedge.model.Key;
import selvedge.model.Version;

/** The orders of changes that a store goes on from, the newest first. */
public record Lineage(List<Ancestor> ancestors) {
  public static final Lineage NONE = new Lineage(List.of());

  /** The entry of the system namespace that has it: lines of an epoch and a version. */
  public static final Key KEY = Key.of("lineage");

  /**
   * An order of changes that came before.
   *
   * @param last what of it is here; whatever came later in it is not
   */
  public record Ancestor(long epoch, Version last) {}

  public Lineage {
    ancestors = List.copyOf(ancestors);
  }

  /** Parses the value of the entry {@link #KEY}. */
  public static Lineage parse(String text) {
    return new Lineage(text.lines().map(Lineage::ancestor).toList());
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

  /** The value of the entry {@link #KEY}, which programs of every version read. */
  public Bytes text() {
    return Bytes.utf8(
        ancestors.stream()
            .map(ancestor -> ancestor.epoch() + " " + ancestor.last())
            .collect(Collectors.joining("\n")));
  }

  /** What is here of an older order of changes; empty if nothing is known of it. */
  public Optional<Version> lastOf(long epoch) {
    return ancestors.stream()
        .filter(ancestor -> ancestor.epoch() == epoch)
        .map(Ancestor::last)
        .findFirst();
  }

  /** The oldest epoch of a store that has this lineage and is of that epoch. */
  public ClusterId cluster(long epoch) {
    return new ClusterId(ancestors.isEmpty() ? epoch : ancestors.getLast().epoch());
  }

  /** The lineage of a store that goes on from this one under another epoch. */
  public Lineage after(Ancestor parent) {
    List<Ancestor> all = new ArrayList<>();
    all.add(parent);
    all.addAll(ancestors);
    return new Lineage(all);
  }
}
