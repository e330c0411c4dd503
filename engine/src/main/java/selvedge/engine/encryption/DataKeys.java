package selvedge.engine.encryption;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import selvedge.engine.encryption.KeyFile.Wrapped;
import selvedge.engine.files.CheckedFile;
import selvedge.model.Bytes;
import selvedge.model.InvalidRequestException;
import selvedge.model.StoreDamagedException;
import selvedge.model.StoreUnusableException;

/**
 * The data keys of a store, wrapped by a master key in one file of its directory. They encrypt its
 * rows.
 *
 * <p>A nonce is a counter in memory, which begins at 0 with each data key. The first encryption
 * after each opening draws a new data key, and so does each further GiB. So no nonce repeats, even
 * if the store was copied or a crash took back what was written. While the master key cannot be
 * used, the newest data key of this opening is used beyond its GiB.
 *
 * <p>Safe for use by many threads. The monitor is held while the file is replaced: when a key is
 * drawn, and when the master key is rotated.
 */
public final class DataKeys {
  /** How many bytes an encrypted text has more than the text. */
  public static final int OVERHEAD = Integer.BYTES + Long.BYTES + AesGcm.TAG_BYTES;

  private static final int HEADER_BYTES = OVERHEAD - AesGcm.TAG_BYTES;
  private static final int ID_BYTES = 16;
  private static final long BYTES_MAX = 1L << 30;

  /** After a failure, a new data key is tried again when so much of the maximum was encrypted. */
  private static final long RETRY_FRACTION = 16;

  private static final byte[] MAC_CONTEXT =
      "selvedge encryption file".getBytes(StandardCharsets.US_ASCII);

  private final Path path;
  private final CheckedFile file;
  private final MasterKeys masters;
  private final SecureRandom random = new SecureRandom();
  private final AesGcm gcm = new AesGcm();
  private final long bytesMax;
  private final byte[] id;

  /** Wraps data keys; it stays in memory, so a key file that is gone stops no write. */
  private volatile MasterKey master;

  private volatile KeyFile contents;
  private volatile Map<Integer, SecretKey> keys;
  private volatile @Nullable Drawn drawn;
  private volatile Optional<String> trouble = Optional.empty();

  /** A data key that encrypts, and how far it is used up. */
  private record Drawn(int number, SecretKey key, AtomicLong count, AtomicLong bytes) {}

  private DataKeys(
      Path path,
      MasterKeys masters,
      MasterKey master,
      KeyFile contents,
      Map<Integer, SecretKey> keys,
      long bytesMax) {
    this.path = path;
    this.master = master;
    this.file = new CheckedFile(path);
    this.masters = masters;
    this.id = HexFormat.of().parseHex(contents.id());
    this.contents = contents;
    this.keys = Map.copyOf(keys);
    this.bytesMax = bytesMax;
  }

  /**
   * Makes the file for a store that is encrypted from now on.
   *
   * @param mixed whether the store has rows that are not encrypted
   */
  public static DataKeys create(Path path, MasterKeys masters, boolean mixed) {
    byte[] id = new byte[ID_BYTES];
    new SecureRandom().nextBytes(id);
    var contents = new KeyFile(HexFormat.of().formatHex(id), mixed, 1, List.of());
    MasterKey master = masters.read().getFirst();
    var created = new DataKeys(path, masters, master, contents, Map.of(), BYTES_MAX);
    created.add(master);
    return created;
  }

  /**
   * Reads the file of an encrypted store, and wraps its keys by the first master key if they are
   * wrapped by another one.
   *
   * @throws StoreUnusableException if the master key is not there
   * @throws StoreDamagedException if the file is not what was written
   */
  public static DataKeys open(Path path, MasterKeys masters) {
    return open(path, masters, BYTES_MAX);
  }

  static DataKeys open(Path path, MasterKeys masters, long bytesMax) {
    String text =
        new CheckedFile(path)
            .read()
            .orElseThrow(
                () ->
                    new StoreDamagedException(
                        path + " is missing: without it, the encrypted store cannot be read"));
    KeyFile contents = KeyFile.parse(text, path);
    List<MasterKey> available = masters.read();
    Map<Integer, SecretKey> keys = new TreeMap<>();
    MasterKey master = master(contents.keys().getLast(), available, masters, path);
    for (Wrapped each : contents.keys()) {
      master = master(each, available, masters, path);
      keys.put(each.number(), unwrap(each, master, contents, path));
    }
    var opened = new DataKeys(path, masters, master, contents, keys, bytesMax);
    opened.requireAuthentic(text);
    if (contents.keys().stream()
        .anyMatch(each -> !each.master().equals(available.getFirst().id()))) {
      opened.rewrap(available.getFirst());
    }
    return opened;
  }

  /** Returns whether the directory of a store has such a file. */
  public static boolean exist(Path path) {
    return Files.exists(path);
  }

  private static MasterKey master(
      Wrapped key, List<MasterKey> available, MasterKeys masters, Path path) {
    return available.stream()
        .filter(each -> each.id().equals(key.master()))
        .findFirst()
        .orElseThrow(
            () ->
                new StoreUnusableException(
                    "the store in "
                        + path.resolveSibling("").toString()
                        + " is encrypted under the master key "
                        + key.master()
                        + ", and "
                        + where(available, masters)));
  }

  private static String where(List<MasterKey> available, MasterKeys masters) {
    if (available.isEmpty()) {
      return masters.place() + ": give that key";
    }
    return masters.place()
        + " has only "
        + String.join(", ", available.stream().map(MasterKey::id).toList())
        + ": add that key to it";
  }

  private static SecretKey unwrap(Wrapped key, MasterKey master, KeyFile contents, Path path) {
    try {
      return AesGcm.key(master.unwrap(key.bytes(), context(contents.id(), key.number())).toArray());
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new StoreDamagedException(
          path
              + " is damaged: the master key "
              + master.id()
              + " does not unwrap data key "
              + key.number(),
          e);
    } catch (IOException e) {
      throw new StoreUnusableException(
          "the store in "
              + path.resolveSibling("")
              + " is encrypted under the master key "
              + master.id()
              + ", which cannot be reached: "
              + e.getMessage(),
          e);
    }
  }

  private static Bytes context(String id, int number) {
    return Bytes.utf8("selvedge data key " + id + " " + number);
  }

  private void requireAuthentic(String text) {
    if (!MessageDigest.isEqual(
        KeyFile.mac(text).getBytes(StandardCharsets.US_ASCII),
        mac(KeyFile.authenticated(text)).getBytes(StandardCharsets.US_ASCII))) {
      throw new StoreDamagedException(path + " is not what was written: its MAC is wrong");
    }
  }

  /**
   * Encrypts a text, and returns it behind the number of the data key and the nonce.
   *
   * @param context names the place of the text, and must be given again to decrypt it
   */
  public byte[] encrypt(byte[] text, byte[] context) {
    long size = (long) text.length + OVERHEAD;
    Drawn with = drawn;
    if (with == null || with.bytes().addAndGet(size) > bytesMax) {
      with = draw(with);
      with.bytes().addAndGet(size);
    }
    long count = with.count().getAndIncrement();
    byte[] sealed = new byte[HEADER_BYTES + text.length + AesGcm.TAG_BYTES];
    ByteBuffer.wrap(sealed).putInt(with.number()).putLong(count);
    try {
      gcm.encrypt(with.key(), AesGcm.nonce(count), text, sealed, HEADER_BYTES, id, context);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-256-GCM does not work on this Java", e);
    }
    return sealed;
  }

  /**
   * Decrypts a text.
   *
   * @throws GeneralSecurityException if the bytes were not encrypted here for this context
   */
  public byte[] decrypt(byte[] sealed, byte[] context) throws GeneralSecurityException {
    if (sealed.length < OVERHEAD) {
      throw new GeneralSecurityException("an encrypted text has " + sealed.length + " bytes");
    }
    ByteBuffer header = ByteBuffer.wrap(sealed);
    int number = header.getInt();
    SecretKey key = keys.get(number);
    if (key == null) {
      throw new GeneralSecurityException("there is no data key " + number);
    }
    return gcm.decrypt(
        key,
        AesGcm.nonce(header.getLong()),
        sealed,
        HEADER_BYTES,
        sealed.length - HEADER_BYTES,
        id,
        context);
  }

  /** Returns the number of the data key under which a text is encrypted. */
  public static int number(byte[] sealed) {
    return sealed.length < Integer.BYTES ? 0 : ByteBuffer.wrap(sealed).getInt();
  }

  private synchronized Drawn draw(@Nullable Drawn used) {
    Drawn now = drawn;
    if (now != null && !now.equals(used)) {
      return now;
    }
    try {
      Drawn fresh = add(master);
      trouble = Optional.empty();
      return fresh;
    } catch (StoreUnusableException e) {
      if (now == null) {
        throw e;
      }
      trouble = Optional.of(String.valueOf(e.getMessage()));
      now.bytes().set(bytesMax - bytesMax / RETRY_FRACTION);
      return now;
    }
  }

  /** Returns why no new data key could be drawn when one was due; empty if there was no failure. */
  public Optional<String> trouble() {
    return trouble;
  }

  private synchronized Drawn add(MasterKey by) {
    byte[] bytes = new byte[AesGcm.KEY_BYTES];
    random.nextBytes(bytes);
    int number = contents.last() + 1;
    Map<Integer, SecretKey> more = new TreeMap<>(keys);
    more.put(number, AesGcm.key(bytes));
    keys = Map.copyOf(more);
    store(contents.with(wrap(number, by)));
    var fresh = new Drawn(number, AesGcm.key(bytes), new AtomicLong(), new AtomicLong());
    drawn = fresh;
    return fresh;
  }

  private Wrapped wrap(int number, MasterKey by) {
    try {
      SecretKey key = keys.get(number);
      if (key == null) {
        throw new IllegalStateException("there is no data key " + number);
      }
      Bytes wrapped = by.wrap(Bytes.adopt(key.getEncoded()), context(contents.id(), number));
      return new Wrapped(number, by.id(), wrapped);
    } catch (GeneralSecurityException | IOException e) {
      throw new StoreUnusableException(
          "the master key " + by.id() + " cannot wrap a data key: " + e.getMessage(), e);
    }
  }

  /** Replaces the file at one moment. */
  private void store(KeyFile replacement) {
    String text = replacement.text();
    file.write(text + KeyFile.macLine(mac(text)));
    contents = replacement;
  }

  /** The key of the MAC comes from the first data key, which stays for as long as the store. */
  private String mac(String text) {
    SecretKey first = keys.get(1);
    if (first == null) {
      throw new StoreDamagedException(path + " is damaged: it has no data key 1");
    }
    byte[] key = hmac(first.getEncoded(), MAC_CONTEXT);
    return HexFormat.of().formatHex(hmac(key, text.getBytes(StandardCharsets.US_ASCII)));
  }

  private static byte[] hmac(byte[] key, byte[] text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(text);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no HMAC-SHA-256", e);
    }
  }

  /** Returns the id of the master key that wraps the keys of this store. */
  public String masterId() {
    return contents.keys().getLast().master();
  }

  /**
   * Wraps all data keys by the first master key of the source, which is read again.
   *
   * @return the id of that key
   * @throws InvalidRequestException if it wraps them already
   */
  public synchronized String rotate() {
    List<MasterKey> available = masters.read();
    if (available.isEmpty() || available.getFirst().id().equals(masterId())) {
      throw new InvalidRequestException(
          "the first key of "
              + masters.place()
              + " is "
              + masterId()
              + ", which is in use: put the new key before it");
    }
    rewrap(available.getFirst());
    return masterId();
  }

  private synchronized void rewrap(MasterKey by) {
    store(
        contents.rewrapped(contents.keys().stream().map(each -> wrap(each.number(), by)).toList()));
    master = by;
  }

  /** Whether the first master key of the source, which is read again, wraps the data keys. */
  public boolean isCurrent() {
    List<MasterKey> available = masters.read();
    return !available.isEmpty() && available.getFirst().id().equals(masterId());
  }

  /** Whether the store has rows that are not encrypted, since encryption was switched on later. */
  public boolean isMixed() {
    return contents.mixed();
  }

  /** The number of the first data key under which rows may stay as they are. */
  public int since() {
    return contents.since();
  }

  /** Draws a new data key, under which all rows are to be encrypted anew. */
  public synchronized void renew() {
    Drawn fresh = add(master);
    store(contents.since(fresh.number()));
  }

  /** Records that every row is encrypted: one that is not counts as damage from now on. */
  public synchronized void requireEncrypted() {
    store(contents.encrypted());
  }
}
