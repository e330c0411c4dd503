package selvedge.server.api.v1;

import java.util.Optional;
import selvedge.engine.summary.Summary;
import selvedge.model.Bytes;
import selvedge.model.InvalidRequestException;
import selvedge.server.api.Query;

/** How a request groups keys: by a delimiter, or by their next characters. */
sealed interface KeyGrouping {

  /** By the text up to the next delimiter. */
  record ByDelimiter(Bytes delimiter) implements KeyGrouping {}

  /** By a number of characters. */
  record ByCharacters(int count) implements KeyGrouping {}

  /** The longest delimiter in bytes. */
  int DELIMITER_BYTES_MAX = 16;

  int CHARACTERS_MAX = 8;

  static KeyGrouping of(Query query) {
    Optional<String> characters = query.text("characters");
    Optional<Bytes> delimiter = query.bytes("delimiter");
    if (characters.isEmpty()) {
      return new ByDelimiter(checked(delimiter.orElse(Bytes.utf8(":"))));
    }
    if (delimiter.isPresent()) {
      throw new InvalidRequestException("give either delimiter or characters, got both");
    }
    return new ByCharacters(count(characters.get()));
  }

  private static Bytes checked(Bytes delimiter) {
    if (delimiter.isEmpty() || delimiter.size() > DELIMITER_BYTES_MAX) {
      throw new InvalidRequestException(
          "delimiter must have 1 to " + DELIMITER_BYTES_MAX + " bytes, got " + delimiter.size());
    }
    return delimiter;
  }

  private static int count(String text) {
    try {
      int count = Integer.parseInt(text);
      if (count >= 1 && count <= CHARACTERS_MAX) {
        return count;
      }
    } catch (NumberFormatException e) {
      throw badCount(text);
    }
    throw badCount(text);
  }

  private static InvalidRequestException badCount(String text) {
    return new InvalidRequestException(
        "characters must be from 1 to " + CHARACTERS_MAX + ", got \"" + text + "\"");
  }

  /** Returns the grouping of keys by what follows a prefix. */
  default Summary.Grouping behind(Bytes prefix) {
    return key -> key.startsWith(prefix) ? group(key, prefix.size()) : Optional.empty();
  }

  private Optional<Bytes> group(Bytes key, int from) {
    int end =
        switch (this) {
          case ByDelimiter(Bytes delimiter) -> afterDelimiter(key, from, delimiter);
          case ByCharacters(int count) -> afterCharacters(key, from, count);
        };
    return end < 0 ? Optional.empty() : Optional.of(key.slice(0, end));
  }

  private static int afterDelimiter(Bytes key, int from, Bytes delimiter) {
    int size = delimiter.size();
    for (int i = from; i + size <= key.size(); i++) {
      int matched = 0;
      while (matched < size && key.at(i + matched) == delimiter.at(matched)) {
        matched++;
      }
      if (matched == size) {
        return i + size;
      }
    }
    return -1;
  }

  private static int afterCharacters(Bytes key, int from, int count) {
    int at = from;
    for (int i = 0; i < count; i++) {
      if (at >= key.size()) {
        return -1;
      }
      at++;
      while (at < key.size() && (key.at(at) & 0xc0) == 0x80) {
        at++;
      }
    }
    return at;
  }
}
