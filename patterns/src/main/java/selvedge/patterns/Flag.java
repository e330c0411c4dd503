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
 * A feature that some have and others do not.
 *
 * @param enabled whether anybody has it at all
 * @param users who has it in any case
 * @param percent of everybody else, from 0 to 100
 * @param salt makes the choice another one than that of other flags
 */
public record Flag(boolean enabled, Set<String> users, double percent, String salt) {

  /** One line each for switch, share, salt and user. */
  public static final Codec<Flag> CODEC = Codec.of(Flag::encode, Flag::decode);

  public Flag {
    users = Set.copyOf(users);
    if (!(percent >= 0 && percent <= 100)) {
      throw new InvalidRequestException("a share is from 0 to 100 percent, not " + percent);
    }
    if (salt.contains("\n") || users.stream().anyMatch(user -> user.contains("\n"))) {
      throw new InvalidRequestException("salt and users are of one line each");
    }
  }

  /** A flag that nobody has, whose choice is its own. */
  public static Flag off(String name) {
    return new Flag(false, Set.of(), 0, name);
  }

  public Flag rolledOutTo(double share) {
    return new Flag(true, users, share, salt);
  }

  public Flag allowing(String user) {
    Set<String> more = new TreeSet<>(users);
    more.add(user);
    return new Flag(true, more, percent, salt);
  }

  /** Whether a user has it: always the same answer for the same user, in every process. */
  public boolean isOnFor(String user) {
    return enabled && (users.contains(user) || share(user) < percent);
  }

  /** Whether somebody has it of whom nothing is known. */
  public boolean isOnForAnybody() {
    return enabled && percent == 100;
  }

  /** Where a user stands among all, evenly spread from 0 to 100. */
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
    List<String> lines = new ArrayList<>(List.of(enabled ? "on" : "off", "" + percent, salt));
    lines.addAll(new TreeSet<>(users));
    return Bytes.utf8(String.join("\n", lines));
  }

  private static Flag decode(Bytes bytes) {
    List<String> lines = bytes.utf8().lines().toList();
    if (lines.size() < 3) {
      throw new InvalidRequestException("\"" + bytes.utf8() + "\" is no flag");
    }
    try {
      return new Flag(
          lines.get(0).equals("on"),
          Set.copyOf(lines.subList(3, lines.size())),
          Double.parseDouble(lines.get(1)),
          lines.get(2));
    } catch (NumberFormatException e) {
      throw new InvalidRequestException("\"" + bytes.utf8() + "\" is no flag");
    }
  }
}
