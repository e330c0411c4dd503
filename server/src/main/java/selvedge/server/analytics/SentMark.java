package selvedge.server.analytics;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HexFormat;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file with the name by which the origin tells the frames of this edge from those of others, and
 * with the number of the last frame that the origin has. Safe for use by many threads.
 */
final class SentMark {
  private static final Logger LOG = LoggerFactory.getLogger(SentMark.class);
  private static final String NAME = "sent";

  private final Path file;
  private final String source;
  private volatile long sent;
  private volatile boolean stored;

  SentMark(Path directory, RandomGenerator random) {
    this.file = directory.resolve(NAME);
    String known = "";
    try {
      if (Files.exists(file)) {
        String[] words = Files.readString(file).strip().split(" ", -1);
        known = words[0];
        sent = Long.parseLong(words[words.length - 1]);
        stored = true;
      }
    } catch (IOException | NumberFormatException e) {
      LOG.warn("cannot read {}; the origin may count some minutes of this edge twice", file, e);
      known = "";
    }
    this.source = known.isEmpty() ? HexFormat.of().toHexDigits(random.nextLong()) : known;
  }

  /** Returns the name, which is stored before the origin gets it. */
  String source() {
    if (!stored) {
      sent(sent);
    }
    return source;
  }

  long sent() {
    return sent;
  }

  /** Stores the number of the last frame that the origin has. */
  void sent(long number) {
    sent = number;
    Path next = file.resolveSibling(NAME + ".new");
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(next, source + " " + number + "\n");
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
      stored = true;
    } catch (IOException e) {
      LOG.warn("cannot write {}; the origin may count some minutes of this edge twice", file, e);
    }
  }
}
