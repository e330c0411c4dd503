package selvedge.engine.replication;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import selvedge.model.Bytes;
import selvedge.model.InvalidRequestException;
import selvedge.model.Key;
import selvedge.model.Version;

/**
 * The openings of a store as an origin, the newest first, at most {@link #KEPT}.
 *
 * <p>One process decided all changes between an opening and the next one. So two stores with a
 * common opening have the same changes up to the end of that opening in either store.
 */
public record Openings(List<Opening> all) {
  public static final Openings NONE = new Openings(List.of());

  /** The key, in the system namespace, of the openings: lines of an id, an epoch, two versions. */
  public static final Key KEY = Key.of("openings");

  /** How many openings are kept. An older one is treated as unknown. */
  static final int KEPT = 64;

  private static final int FIELDS = 4;

  /**
   * An opening.
   *
   * @param id a random number, not 0
   * @param after the last change before it
   * @param first its first change; the numbers in between are not used
   */
  public record Opening(long id, long epoch, Version after, Version first) {}

  public Openings {
    all = List.copyOf(all);
  }

  /** Parses the value of the entry {@link #KEY}. */
  public static Openings parse(String text) {
    return new Openings(text.lines().map(Openings::opening).toList());
  }

  private static Opening opening(String line) {
    String[] fields = line.split(" ", -1);
    try {
      if (fields.length >= FIELDS) {
        return new Opening(
            HexFormat.fromHexDigitsToLong(fields[0]),
            Long.parseLong(fields[1]),
            new Version(Long.parseLong(fields[2])),
            new Version(Long.parseLong(fields[3])));
      }
    } catch (IllegalArgumentException e) {
      throw new InvalidRequestException(
          "an opening must be an id, an epoch and two versions, got \"" + line + "\"");
    }
    throw new InvalidRequestException(
        "an opening must be an id, an epoch and two versions, got \"" + line + "\"");
  }

  /** Parses an id; returns 0 for any other text. */
  public static long id(String text) {
    try {
      return HexFormat.fromHexDigitsToLong(text);
    } catch (IllegalArgumentException e) {
      return 0;
    }
  }

  /** Returns the text of an id. */
  public static String idText(long id) {
    return HexFormat.of().toHexDigits(id);
  }

  /** Returns whether a number was skipped between two lineages. */
  public boolean isLost(Version version) {
    return all.stream()
        .anyMatch(
            each -> version.compareTo(each.after()) > 0 && version.compareTo(each.first()) < 0);
  }

  /**
   * Returns how many changes follow a version up to another one. Numbers that were skipped between
   * lineages do not count.
   */
  public long changes(Version after, Version until) {
    long lost = all.stream().mapToLong(each -> between(each, after.number(), until.number())).sum();
    return Math.max(0, until.number() - after.number() - lost);
  }

  private static long between(Opening opening, long after, long until) {
    long last = Math.min(opening.first().number() - 1, until);
    return Math.max(0, last - Math.max(opening.after().number(), after));
  }

  /** Returns the value of the entry {@link #KEY}. */
  public Bytes text() {
    return Bytes.utf8(
        all.stream()
            .map(
                each ->
                    idText(each.id())
                        + " "
                        + each.epoch()
                        + " "
                        + each.after()
                        + " "
                        + each.first())
            .collect(Collectors.joining("\n")));
  }

  public boolean isEmpty() {
    return all.isEmpty();
  }

  /** Returns the id of the newest opening; 0 if there is none. */
  public long newest() {
    return all.isEmpty() ? 0 : all.getFirst().id();
  }

  public boolean has(long id) {
    return index(id).isPresent();
  }

  private OptionalInt index(long id) {
    return IntStream.range(0, all.size()).filter(i -> all.get(i).id() == id).findFirst();
  }

  /**
   * Returns the last change of an opening in a store that is at a version; empty if it is unknown.
   */
  public Optional<Version> end(long id, Version latest) {
    OptionalInt index = index(id);
    if (index.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(index.getAsInt() == 0 ? latest : all.get(index.getAsInt() - 1).after());
  }

  /** Returns whether older openings may have been dropped. */
  boolean isFull() {
    return all.size() >= KEPT;
  }

  /** Returns the last change before all openings. */
  Version before() {
    return all.getLast().after();
  }

  /** Returns these openings and a newer one. */
  public Openings with(Opening newest) {
    List<Opening> more = new ArrayList<>();
    more.add(newest);
    more.addAll(all.subList(0, Math.min(all.size(), KEPT - 1)));
    return new Openings(more);
  }
}
