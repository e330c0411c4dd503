package selvedge.engine.replication;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import selvedge.model.Bytes;
import selvedge.model.InvalidRequestException;
import selvedge.model.Key;
import selvedge.model.Version;

/** The earlier epochs of a store, the newest first. */
public record Lineage(List<Ancestor> ancestors) {
  public static final Lineage NONE = new Lineage(List.of());

  /** The key, in the system namespace, of the lineage: lines of an epoch and a version. */
  public static final Key KEY = Key.of("lineage");

  /**
   * An earlier epoch.
   *
   * @param last the last version of the epoch that the store has
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
      throw new InvalidRequestException(
          "an ancestor must be an epoch and a version, got \"" + line + "\"");
    }
  }

  /** Returns the value of the entry {@link #KEY}, which programs of every version read. */
  public Bytes text() {
    return Bytes.utf8(
        ancestors.stream()
            .map(ancestor -> ancestor.epoch() + " " + ancestor.last())
            .collect(Collectors.joining("\n")));
  }

  /** Returns the last version of an earlier epoch that the store has; empty if it has none. */
  public Optional<Version> lastOf(long epoch) {
    return ancestors.stream()
        .filter(ancestor -> ancestor.epoch() == epoch)
        .map(Ancestor::last)
        .findFirst();
  }

  /** Returns the cluster of a store with this lineage and epoch: its oldest epoch. */
  public ClusterId cluster(long epoch) {
    return new ClusterId(ancestors.isEmpty() ? epoch : ancestors.getLast().epoch());
  }

  /** Returns the lineage of a store that continues this one under another epoch. */
  public Lineage after(Ancestor parent) {
    List<Ancestor> all = new ArrayList<>();
    all.add(parent);
    all.addAll(ancestors);
    return new Lineage(all);
  }
}
