package selvedge.engine.encryption;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import selvedge.model.Bytes;
import selvedge.model.StoreDamagedException;

/**
 * The contents of the file with the data keys of a store.
 *
 * @param id names the store and its copies in the associated data of every row, in hex
 * @param mixed whether the store has rows that are not encrypted
 * @param since the first data key under which rows may stay as they are
 * @param keys the wrapped data keys, ascending
 */
record KeyFile(String id, boolean mixed, int since, List<Wrapped> keys) {
  private static final String FIRST = "selvedge encryption 1";
  private static final String MAC = "mac ";
  private static final String MIXED = "mixed";
  private static final String ENCRYPTED = "encrypted";

  /**
   * A data key as it is stored.
   *
   * @param master the id of the key that wraps it
   */
  record Wrapped(int number, String master, Bytes bytes) {}

  KeyFile {
    keys = List.copyOf(keys);
  }

  int last() {
    return keys.isEmpty() ? 0 : keys.getLast().number();
  }

  KeyFile with(Wrapped key) {
    return new KeyFile(id, mixed, since, Stream.concat(keys.stream(), Stream.of(key)).toList());
  }

  KeyFile rewrapped(List<Wrapped> replacements) {
    return new KeyFile(id, mixed, since, replacements);
  }

  KeyFile since(int number) {
    return new KeyFile(id, mixed, number, keys);
  }

  KeyFile encrypted() {
    return new KeyFile(id, false, since, keys);
  }

  /** Returns the lines that the MAC is about. */
  String text() {
    var text = new StringBuilder();
    text.append(FIRST).append('\n');
    text.append("id ").append(id).append('\n');
    text.append("rows ").append(mixed ? MIXED : ENCRYPTED).append('\n');
    text.append("since ").append(since).append('\n');
    for (Wrapped each : keys) {
      text.append("key ").append(each.number()).append(' ').append(each.master());
      text.append(' ').append(each.bytes().hex()).append('\n');
    }
    return text.toString();
  }

  static String macLine(String mac) {
    return MAC + mac + "\n";
  }

  /** Returns the MAC in the last line, empty if there is none. */
  static String mac(String text) {
    int start = text.lastIndexOf(MAC);
    return start < 0 ? "" : text.substring(start + MAC.length()).strip();
  }

  /** Returns what stands before the MAC. */
  static String authenticated(String text) {
    return text.substring(0, Math.max(0, text.lastIndexOf(MAC)));
  }

  /**
   * Reads what {@link #text} and {@link #macLine} returned.
   *
   * @param file for messages
   */
  static KeyFile parse(String text, Path file) {
    List<String> lines = text.lines().toList();
    if (lines.size() < 6 || !lines.getFirst().equals(FIRST)) {
      throw damaged(file, "its first line must be \"" + FIRST + "\"");
    }
    try {
      List<Wrapped> keys = new ArrayList<>();
      for (String line : lines.subList(4, lines.size() - 1)) {
        keys.add(key(line));
      }
      return new KeyFile(
          value(lines.get(1), "id"),
          value(lines.get(2), "rows").equals(MIXED),
          Integer.parseInt(value(lines.get(3), "since")),
          keys);
    } catch (IllegalArgumentException e) {
      throw damaged(file, String.valueOf(e.getMessage()));
    }
  }

  private static Wrapped key(String line) {
    String[] words = line.split(" ", -1);
    if (words.length != 4 || !words[0].equals("key")) {
      throw new IllegalArgumentException("a line for a data key is \"" + line + "\"");
    }
    return new Wrapped(
        Integer.parseInt(words[1]), words[2], Bytes.adopt(HexFormat.of().parseHex(words[3])));
  }

  private static String value(String line, String name) {
    if (!line.startsWith(name + " ")) {
      throw new IllegalArgumentException("the line for " + name + " is \"" + line + "\"");
    }
    return line.substring(name.length() + 1);
  }

  private static StoreDamagedException damaged(Path file, String detail) {
    return new StoreDamagedException(file + " is damaged: " + detail);
  }
}
