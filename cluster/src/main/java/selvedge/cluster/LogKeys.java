package selvedge.cluster;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import selvedge.engine.encryption.LogKey;
import selvedge.engine.encryption.MasterKey;
import selvedge.engine.encryption.MasterKeys;
import selvedge.engine.files.CheckedFile;
import selvedge.engine.form.Form;
import selvedge.model.Bytes;
import selvedge.model.StoreDamagedException;
import selvedge.model.StoreUnusableException;

/**
 * The key of the log at this voter, wrapped by the master key of this voter in the file {@code
 * voter.key}, and the bytes of entries that it encrypts.
 *
 * <p>The key is in use once every voter has it on disk. Safe for use by many threads. The monitor
 * is held while the file is replaced.
 */
final class LogKeys implements AutoCloseable {
  /** The form of encrypted entries. Behind it is an entry of {@link LogEntryCodec#FORM}. */
  static final byte ENCRYPTED = 2;

  /** The form of a cluster from which on entries may be encrypted. */
  static final int FROM_FORM = 2;

  private static final Logger LOG = LoggerFactory.getLogger(LogKeys.class);
  private static final String FIRST = "selvedge log key " + Form.LOG_KEY.newest();

  private final Path path;
  private final CheckedFile file;
  private final MasterKeys masters;
  private volatile @Nullable Held held;
  private volatile boolean closed;

  /**
   * The key that this voter has.
   *
   * @param used whether entries are encrypted under it
   * @param master the id of the master key that wraps it
   */
  private record Held(LogKey key, boolean used, String master) {}

  private LogKeys(Path path, MasterKeys masters) {
    this.path = path;
    this.file = new CheckedFile(path);
    this.masters = masters;
  }

  /**
   * Reads the file of a voter, if it has one.
   *
   * @throws StoreUnusableException if the master key is missing
   */
  static LogKeys open(Path data, MasterKeys masters) {
    var keys = new LogKeys(data.resolve("voter.key"), masters);
    keys.read();
    return keys;
  }

  private void read() {
    String text = file.read().orElse("");
    if (text.isEmpty()) {
      return;
    }
    List<String> lines = text.lines().toList();
    if (lines.size() != 4 || !lines.getFirst().equals(FIRST)) {
      throw new StoreDamagedException(path + " is damaged: its first line must be " + FIRST);
    }
    boolean used = lines.get(1).equals("used true");
    String id = lines.get(2).substring("master ".length());
    List<MasterKey> available = masters.read();
    MasterKey master =
        available.stream()
            .filter(each -> each.id().equals(id))
            .findFirst()
            .orElseThrow(() -> missing(id));
    try {
      Bytes wrapped = Bytes.adopt(HexFormat.of().parseHex(lines.get(3).substring("key ".length())));
      held = new Held(LogKey.unwrap(wrapped, master), used, id);
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new StoreDamagedException(
          path + " is damaged: the master key " + id + " does not unwrap it", e);
    } catch (IOException e) {
      throw new StoreUnusableException(
          "the master key " + id + " cannot be reached: " + e.getMessage(), e);
    }
    if (!available.getFirst().id().equals(id)) {
      rewrap();
    }
  }

  private StoreUnusableException missing(String id) {
    return new StoreUnusableException(
        "the log of the voter in "
            + path.resolveSibling("")
            + " is encrypted under the master key "
            + id
            + ", and "
            + masters.place()
            + " does not have it: add that key");
  }

  /** Returns whether this voter has a master key, so that its log must be encrypted. */
  boolean isWanted() {
    return !masters.read().isEmpty();
  }

  /** Returns whether entries are encrypted. */
  boolean isUsed() {
    Held current = held;
    return current != null && current.used();
  }

  /** Returns the secret of the key in hex, which is drawn if there is none. */
  synchronized String secret() {
    Held current = held;
    if (current == null) {
      current = store(LogKey.generate(), false);
    }
    return current.key().secret().hex();
  }

  /**
   * Stores the key of the cluster, in place of one that is not in use.
   *
   * @param used whether all voters have it
   * @throws IllegalStateException if another key is in use
   */
  synchronized void take(String secret, boolean used) {
    Held current = held;
    if (current != null && current.key().secret().hex().equals(secret)) {
      if (used && !current.used()) {
        use();
      }
      return;
    }
    if (current != null && current.used()) {
      throw new IllegalStateException("another key of the log is in use at this voter");
    }
    Held _ = store(LogKey.of(Bytes.adopt(HexFormat.of().parseHex(secret))), used);
    notifyAll();
  }

  /** Encrypts entries from now on: every voter has the key. */
  synchronized void use() {
    Held current = held;
    if (current != null && !current.used()) {
      Held _ = store(current.key(), true);
      LOG.info("the log is encrypted from now on");
    }
  }

  /** Wraps the key by another master key, once that one wraps the keys of the store. */
  synchronized void follow(String master) {
    Held current = held;
    if (current != null && !current.master().equals(master)) {
      rewrap();
    }
  }

  private synchronized void rewrap() {
    Held current = held;
    if (current != null) {
      Held _ = store(current.key(), current.used());
    }
  }

  private Held store(LogKey key, boolean used) {
    MasterKey master = masters.read().getFirst();
    try {
      String wrapped = key.wrap(master).hex();
      file.write(
          String.join("\n", FIRST, "used " + used, "master " + master.id(), "key " + wrapped, ""));
    } catch (GeneralSecurityException | IOException e) {
      throw new StoreUnusableException(
          "the master key " + master.id() + " cannot wrap the key of the log: " + e.getMessage(),
          e);
    }
    var replacement = new Held(key, used, master.id());
    held = replacement;
    return replacement;
  }

  /** Returns the bytes of an entry, encrypted once the key is in use. */
  byte[] encode(LogEntry entry) {
    byte[] plain = LogEntryCodec.encode(entry);
    Held current = held;
    if (current == null || !current.used()) {
      return plain;
    }
    byte[] sealed = current.key().encrypt(plain);
    return ByteBuffer.allocate(1 + sealed.length).put(ENCRYPTED).put(sealed).array();
  }

  /**
   * Decodes an entry. A voter that has just joined waits here for the key.
   *
   * @throws StoreDamagedException if the entry is not what a voter wrote
   */
  LogEntry decode(ByteBuffer bytes) {
    if (bytes.get(bytes.position()) != ENCRYPTED) {
      return LogEntryCodec.decode(bytes);
    }
    LogKey key = await();
    byte[] sealed = new byte[bytes.remaining() - 1];
    bytes.position(bytes.position() + 1).get(sealed);
    try {
      LogEntry entry = LogEntryCodec.decode(ByteBuffer.wrap(key.decrypt(sealed)));
      if (!isUsed()) {
        use();
      }
      return entry;
    } catch (GeneralSecurityException e) {
      throw new StoreDamagedException(
          "an entry of the log is damaged, or was not encrypted under the key in " + path, e);
    }
  }

  private LogKey await() {
    Held current = held;
    return current == null ? awaitFirst() : current.key();
  }

  private synchronized LogKey awaitFirst() {
    try {
      while (held == null && !closed) {
        if (!isWanted()) {
          throw new StoreUnusableException(
              "the log of this cluster is encrypted, and "
                  + masters.place()
                  + ": give this voter a master key of its own");
        }
        LOG.info("this voter waits for the key of the log, which the voter that leads sends");
        wait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Held current = held;
    if (current == null) {
      throw new StoreUnusableException("the voter stopped before it had the key of the log");
    }
    return current.key();
  }

  /** Ends the wait for a key. */
  @Override
  public synchronized void close() {
    closed = true;
    notifyAll();
  }
}
