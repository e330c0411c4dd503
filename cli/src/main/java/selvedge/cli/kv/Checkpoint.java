package selvedge.cli.kv;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * How far a transfer has come, in a file of the user, so that the same command continues it.
 * Belongs to one thread.
 */
final class Checkpoint {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Duration INTERVAL = Duration.ofMillis(500);

  private final Path file;
  private @Nullable String position;
  private long done;
  private long saved = System.nanoTime() - INTERVAL.toNanos();

  private Checkpoint(Path file) {
    this.file = file;
  }

  /**
   * Returns the checkpoint of a transfer.
   *
   * @param transfer what makes it this transfer and no other
   */
  static Checkpoint of(List<String> transfer) {
    Path folder = Contexts.folder("XDG_STATE_HOME", ".local/state").resolve("transfers");
    var checkpoint = new Checkpoint(folder.resolve(name(transfer) + ".json"));
    checkpoint.load();
    return checkpoint;
  }

  private static String name(List<String> transfer) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      String text = String.join("\n", transfer);
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)), 0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A file that cannot be read counts as none: the transfer begins again, which is harmless. */
  private void load() {
    try {
      JsonNode json = JSON.readTree(Files.readString(file));
      position = json.path("position").isString() ? json.path("position").asString() : null;
      done = position == null ? 0 : json.path("done").asLong(0);
    } catch (IOException | JacksonException e) {
      position = null;
    }
  }

  /** Returns the position to continue at; null for the beginning. */
  @Nullable String position() {
    return position;
  }

  /** Returns how many rows were done before. */
  long done() {
    return done;
  }

  void reached(String now, long rows) {
    position = now;
    done = rows;
    if (System.nanoTime() - saved >= INTERVAL.toNanos()) {
      save();
    }
  }

  void save() {
    if (position == null) {
      return;
    }
    ObjectNode json = JSON.createObjectNode();
    json.put("position", position);
    json.put("done", done);
    Contexts.OwnFile.write(file, JSON.writeValueAsString(json));
    saved = System.nanoTime();
  }

  void forget() {
    position = null;
    done = 0;
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete " + file, e);
    }
  }
}
