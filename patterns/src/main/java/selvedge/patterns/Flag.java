package selvedge.patterns;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import selvedge.model.Bytes;
import selvedge.model.Codec;
import selvedge.model.InvalidRequestException;

/**
 * A feature that is on for some users and off for the others. Immutable.
 *
 * @param enabled whether the feature may be on at all; while it is false, it is off for every user
 * @param users the users for whom an enabled flag is on whatever its share is
 * @param percent the share of all other users, from 0 to 100
 * @param salt decides together with the name of a user who belongs to the share
 */
public record Flag(boolean enabled, Set<String> users, double percent, String salt) {

  /**
   * The stored form: a line {@code selvedge-flag 1}, then one line each for the switch, the share,
   * the salt and every user. It also reads form 0, which has no first line.
   */
  public static final Codec<Flag> CODEC = Codec.of(Flag::encode, Flag::decode);

  private static final String FORM_1 = "selvedge-flag 1";

  /**
   * Checks the parts of a flag.
   *
   * @param enabled whether the feature may be on at all
   * @param users the users for whom an enabled flag is on
   * @param percent the share of all other users
   * @param salt decides who belongs to the share
   * @throws InvalidRequestException if the share is not from 0 to 100, or the salt or the name of a
   *     user contains a control character or is not Unicode
   */
  public Flag {
    users = Set.copyOf(users);
    if (!(percent >= 0 && percent <= 100)) {
      throw new InvalidRequestException("a share must be from 0 to 100 percent, got " + percent);
    }
    requireOneLine("salt", salt);
    users.forEach(user -> requireOneLine("user", user));
  }

  /** A line of the stored form holds one part, so no part may contain the end of a line. */
  private static void requireOneLine(String part, String text) {
    boolean isStorable =
        text.codePoints()
            .noneMatch(
                c -> Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE);
    if (!isStorable) {
      throw new InvalidRequestException(
          "the %s of a flag must contain no control character and no lone surrogate"
              .formatted(part));
    }
  }

  private static boolean isOneLine(String text) {
    return text.codePoints()
        .noneMatch(c -> Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE);
  }

  /**
   * Returns a flag that is off for every user.
   *
   * @param name the name of the flag, which becomes the salt
   * @return the flag
   */
  public static Flag off(String name) {
    return new Flag(false, Set.of(), 0, name);
  }

  /**
   * Returns this flag, enabled and with another share.
   *
   * @param share from 0 to 100 percent
   * @return the changed flag
   * @throws InvalidRequestException if the share is not from 0 to 100
   */
  public Flag rolledOutTo(double share) {
    return new Flag(true, users, share, salt);
  }

  /**
   * Returns this flag, enabled and on for one more user.
   *
   * <p>A flag that was off is then on for this user only: other users and the share are removed.
   * Call {@link #on} first to keep them.
   *
   * @param user the name of the user
   * @return the changed flag
   * @throws InvalidRequestException if the name contains a control character or is not Unicode
   */
  public Flag allowing(String user) {
    if (!enabled) {
      return new Flag(true, Set.of(user), 0, salt);
    }
    Set<String> more = new TreeSet<>(users);
    more.add(user);
    return new Flag(true, more, percent, salt);
  }

  /**
   * Returns this flag without one of its allowed users, who may still belong to the share.
   *
   * @param user the name of the user; one who is not allowed is not an error
   * @return the changed flag
   */
  public Flag withdrawing(String user) {
    Set<String> fewer = new TreeSet<>(users);
    fewer.remove(user);
    return new Flag(enabled, fewer, percent, salt);
  }

  /**
   * Returns this flag, off for every user. Users and share are kept for {@link #on}.
   *
   * @return the changed flag
   */
  public Flag off() {
    return new Flag(false, users, percent, salt);
  }

  /**
   * Returns this flag, enabled with the users and the share that it has.
   *
   * @return the changed flag
   */
  public Flag on() {
    return new Flag(true, users, percent, salt);
  }

  /**
   * Returns whether the flag is on for a user. The result is the same in every process.
   *
   * @param user the name of the user
   * @return whether it is on
   */
  public boolean isOnFor(String user) {
    return enabled && (users.contains(user) || share(user) < percent);
  }

  /**
   * Returns whether the flag is on for an anonymous caller: only if it is on for all users.
   *
   * @return whether it is on
   */
  public boolean isOnForAnybody() {
    return enabled && percent == 100;
  }

  /** Maps a user to a number from 0 to 100, evenly spread. */
  private double share(String user) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest((salt + "\n" + user).getBytes(StandardCharsets.UTF_8));
      return (ByteBuffer.wrap(hash).getLong() >>> 11) * 0x1.0p-53 * 100;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }

  private Bytes encode() {
    List<String> lines =
        new ArrayList<>(List.of(FORM_1, enabled ? "on" : "off", "" + percent, salt));
    lines.addAll(new TreeSet<>(users));
    return Bytes.utf8(String.join("\n", lines));
  }

  private static Flag decode(Bytes bytes) {
    String text = bytes.utf8();
    List<String> lines = List.of(text.split("\n", -1));
    if (lines.getFirst().equals(FORM_1)) {
      lines = lines.subList(1, lines.size());
    }
    if (lines.size() < 3 || !lines.getFirst().matches("on|off")) {
      throw notReadable(text);
    }
    try {
      String salt = lines.get(2);
      // Form 0 was written with names that are refused now; none of them is a user.
      List<String> users = lines.subList(3, lines.size()).stream().filter(Flag::isOneLine).toList();
      return new Flag(
          lines.get(0).equals("on"), Set.copyOf(users), Double.parseDouble(lines.get(1)), salt);
    } catch (NumberFormatException | InvalidRequestException e) {
      throw notReadable(text);
    }
  }

  private static InvalidRequestException notReadable(String text) {
    return new InvalidRequestException("\"" + text + "\" is not a flag of form 0 or 1");
  }
}
