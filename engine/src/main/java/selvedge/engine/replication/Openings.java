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
 * <p>All changes between one opening and the next were decided by one process. So two stores that
 * have an opening in common have the same changes up to the end of that opening in either.
 */
public record Openings(List<Opening> all) {
  public static final Openings NONE = new Openings(List.of());

  /** The entry of the system namespace that has them: lines of an id, an epoch and two versions. */
  public static final Key KEY = Key.of("openings");

  /** How many are kept; an older one cannot be told from one that never was. */
  static final int KEPT = 64;

  private static final int FIELDS = 4;

  /**
   * An opening.
   *
   * @param id chosen by chance, not 0
   * @param after the last change before it
   * @param first the first change in it; the numbers between are lost
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
          "an opening is an id, an epoch and two versions, not " + line);
    }
    throw new InvalidRequestException(
        "an opening is an id, an epoch and two versions, not " + line);
  }

  /** Parses the text of an id; 0 for anything else. */
  public static long id(String text) {
    try {
      return HexFormat.fromHexDigitsToLong(text);
    } catch (IllegalArgumentException e) {
      return 0;
    }
  }

  /** The text of an id. */
  public static String idText(long id) {
    return HexFormat.of().toHexDigits(id);
  }

  /** Whether a number was left out between two lineages. */
  public boolean isLost(Version version) {
    return all.stream()
        .anyMatch(
            each -> version.compareTo(each.after()) > 0 && version.compareTo(each.first()) < 0);
  }

  /**
   * Returns how many changes follow a version up to another one, without the numbers that were left
   * out between lineages.
   */
  public long changes(Version after, Version until) {
    long lost = all.stream().mapToLong(each -> between(each, after.number(), until.number())).sum();
    return Math.max(0, until.number() - after.number() - lost);
  }

  private static long between(Opening opening, long after, long until) {
    long last = Math.min(opening.first().number() - 1, until);
    return Math.max(0, last - Math.max(opening.after().number(), after));
  }

  /** The value of the entry {@link #KEY}. */
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

  /** The id of the newest opening; 0 if there is none. */
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
   * The last change of an opening, in a store that is at that version; empty for an unknown one.
   */
  public Optional<Version> end(long id, Version latest) {
    OptionalInt index = index(id);
    if (index.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(index.getAsInt() == 0 ? latest : all.get(index.getAsInt() - 1).after());
  }

  /** The last change before all of these openings. */
  Version before() {
    return all.getLast().after();
  }

  /** These openings, preceded by a newer one. */
  public Openings with(Opening newest) {
    List<Opening> more = new ArrayList<>();
    more.add(newest);
    more.addAll(all.subList(0, Math.min(all.size(), KEPT - 1)));
    return new Openings(more);
  }
}
