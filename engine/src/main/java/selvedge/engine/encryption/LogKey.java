package selvedge.engine.encryption;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.concurrent.atomic.AtomicLong;
import javax.crypto.Mac;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import selvedge.model.Bytes;

/**
 * The key of the log of a quorum. All voters have the same one, so that each of them decrypts what
 * another one has written.
 *
 * <p>It encrypts nothing itself. Each instance, and each further GiB, encrypts under a key that is
 * derived from a random salt, and counts the nonces. So no nonce repeats, even if the directory of
 * a voter was copied. The salt stands in front of each text. Safe for use by many threads.
 */
public final class LogKey {
  private static final int SALT_BYTES = 16;
  private static final int HEADER_BYTES = SALT_BYTES + Long.BYTES;
  private static final long BYTES_MAX = 1L << 30;
  private static final Bytes WRAP_CONTEXT = Bytes.utf8("selvedge log key");
  private static final byte[] NO_CONTEXT = new byte[0];

  private final byte[] secret;
  private final SecureRandom random = new SecureRandom();
  private final AesGcm gcm = new AesGcm();
  private volatile Derived own;
  private volatile @Nullable Derived last;

  /** A key for the texts with the same salt, and how far it is used up. */
  private record Derived(Bytes salt, SecretKey key, AtomicLong count, AtomicLong bytes) {}

  private LogKey(byte[] secret) {
    this.secret = secret;
    this.own = fresh();
  }

  /** Returns a new random key. */
  public static LogKey generate() {
    byte[] secret = new byte[AesGcm.KEY_BYTES];
    new SecureRandom().nextBytes(secret);
    return new LogKey(secret);
  }

  /**
   * Returns the key with the secret.
   *
   * @throws IllegalArgumentException if the secret does not have the length of one
   */
  public static LogKey of(Bytes secret) {
    if (secret.size() != AesGcm.KEY_BYTES) {
      throw new IllegalArgumentException(
          "a log key must have " + AesGcm.KEY_BYTES + " bytes, got " + secret.size());
    }
    return new LogKey(secret.toArray());
  }

  /**
   * Decrypts a key that {@link #wrap} has encrypted.
   *
   * @throws GeneralSecurityException if the bytes were not written under the master key
   * @throws IOException if the service that has the master key cannot be reached
   */
  public static LogKey unwrap(Bytes wrapped, MasterKey master)
      throws GeneralSecurityException, IOException {
    return of(master.unwrap(wrapped, WRAP_CONTEXT));
  }

  /**
   * Encrypts this key for the disk of one voter.
   *
   * @throws GeneralSecurityException if the master key cannot be used
   * @throws IOException if the service that has the master key cannot be reached
   */
  public Bytes wrap(MasterKey master) throws GeneralSecurityException, IOException {
    return master.wrap(secret(), WRAP_CONTEXT);
  }

  /** Returns what other voters must receive, over TLS only. */
  public Bytes secret() {
    return Bytes.adopt(secret.clone());
  }

  private Derived fresh() {
    byte[] salt = new byte[SALT_BYTES];
    random.nextBytes(salt);
    return derive(Bytes.adopt(salt));
  }

  private Derived derive(Bytes salt) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(secret, "HmacSHA256"));
      return new Derived(
          salt, AesGcm.key(mac.doFinal(salt.toArray())), new AtomicLong(), new AtomicLong());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no HMAC-SHA-256", e);
    }
  }

  /** Returns the salt, the nonce and the encrypted text. */
  public byte[] encrypt(byte[] text) {
    Derived with = own;
    if (with.bytes().addAndGet(text.length) > BYTES_MAX) {
      with = fresh();
      own = with;
    }
    long count = with.count().getAndIncrement();
    byte[] sealed = new byte[HEADER_BYTES + text.length + AesGcm.TAG_BYTES];
    ByteBuffer.wrap(sealed).put(with.salt().toArray()).putLong(count);
    try {
      gcm.encrypt(with.key(), AesGcm.nonce(count), text, sealed, HEADER_BYTES, NO_CONTEXT);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-256-GCM does not work on this Java", e);
    }
    return sealed;
  }

  /**
   * Decrypts a text.
   *
   * @throws GeneralSecurityException if it was not encrypted under this key, or was changed
   */
  public byte[] decrypt(byte[] sealed) throws GeneralSecurityException {
    if (sealed.length < HEADER_BYTES + AesGcm.TAG_BYTES) {
      throw new GeneralSecurityException("an encrypted entry has " + sealed.length + " bytes");
    }
    ByteBuffer header = ByteBuffer.wrap(sealed);
    byte[] salted = new byte[SALT_BYTES];
    header.get(salted);
    Bytes salt = Bytes.adopt(salted);
    Derived with = last;
    if (with == null || !with.salt().equals(salt)) {
      with = derive(salt);
      last = with;
    }
    int size = sealed.length - HEADER_BYTES;
    return gcm.decrypt(
        with.key(), AesGcm.nonce(header.getLong()), sealed, HEADER_BYTES, size, NO_CONTEXT);
  }
}
