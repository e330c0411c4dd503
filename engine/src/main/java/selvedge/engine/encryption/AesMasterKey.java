package selvedge.engine.encryption;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import javax.crypto.SecretKey;
import selvedge.model.Bytes;

/**
 * A master key of 256 bits in the memory of this process.
 *
 * <p>Its nonces are random, which is safe for 2^32 data keys. Immutable and safe to share between
 * threads.
 */
public final class AesMasterKey implements MasterKey {
  private static final int ID_BYTES = 8;
  private static final byte[] ID_CONTEXT =
      "selvedge master key".getBytes(StandardCharsets.US_ASCII);

  private final SecretKey key;
  private final String id;
  private final SecureRandom random = new SecureRandom();
  private final AesGcm gcm = new AesGcm();

  /** Takes a key of 32 random bytes. */
  public AesMasterKey(Bytes bytes) {
    byte[] array = bytes.toArray();
    this.key = AesGcm.key(array);
    this.id = id(array);
  }

  private static String id(byte[] key) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(ID_CONTEXT);
      return HexFormat.of().formatHex(digest.digest(key), 0, ID_BYTES);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java has no SHA-256", e);
    }
  }

  /** Returns a new random key, as the 64 hex characters that a key file holds. */
  public static String generate() {
    byte[] key = new byte[AesGcm.KEY_BYTES];
    new SecureRandom().nextBytes(key);
    return HexFormat.of().formatHex(key);
  }

  @Override
  public String id() {
    return id;
  }

  @Override
  public Bytes wrap(Bytes dataKey, Bytes context) throws GeneralSecurityException {
    byte[] nonce = new byte[AesGcm.NONCE_BYTES];
    random.nextBytes(nonce);
    byte[] wrapped = new byte[nonce.length + dataKey.size() + AesGcm.TAG_BYTES];
    System.arraycopy(nonce, 0, wrapped, 0, nonce.length);
    gcm.encrypt(key, nonce, dataKey.toArray(), wrapped, nonce.length, context.toArray());
    return Bytes.adopt(wrapped);
  }

  @Override
  public Bytes unwrap(Bytes wrapped, Bytes context) throws GeneralSecurityException {
    if (wrapped.size() <= AesGcm.NONCE_BYTES) {
      throw new GeneralSecurityException("a wrapped key has " + wrapped.size() + " bytes");
    }
    byte[] nonce = wrapped.slice(0, AesGcm.NONCE_BYTES).toArray();
    byte[] source = wrapped.toArray();
    return Bytes.adopt(
        gcm.decrypt(
            key, nonce, source, nonce.length, source.length - nonce.length, context.toArray()));
  }
}
