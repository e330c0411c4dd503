package selvedge.engine.encryption;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.concurrent.ArrayBlockingQueue;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * AES-256 in GCM, with nonces of 12 bytes and tags of 16.
 *
 * <p>Ciphers are used again, since looking one up takes longer than to encrypt a small text. Safe
 * for use by many threads.
 */
final class AesGcm {
  static final int KEY_BYTES = 32;
  static final int NONCE_BYTES = 12;
  static final int TAG_BYTES = 16;

  private static final int IDLE_MAX = 16;

  private final ArrayBlockingQueue<Cipher> idle = new ArrayBlockingQueue<>(IDLE_MAX);

  static SecretKey key(byte[] bytes) {
    if (bytes.length != KEY_BYTES) {
      throw new IllegalArgumentException(
          "a key must have " + KEY_BYTES + " bytes, got " + bytes.length);
    }
    return new SecretKeySpec(bytes, "AES");
  }

  /** Returns the nonce with the number, which must be used once with a key. */
  static byte[] nonce(long number) {
    return ByteBuffer.allocate(NONCE_BYTES).putLong(Integer.BYTES, number).array();
  }

  /**
   * Encrypts into the target from the offset on, which takes the size of the text and {@link
   * #TAG_BYTES} more.
   */
  void encrypt(
      SecretKey key, byte[] nonce, byte[] text, byte[] target, int offset, byte[]... context)
      throws GeneralSecurityException {
    Cipher cipher = begin(Cipher.ENCRYPT_MODE, key, nonce, context);
    int written = cipher.doFinal(text, 0, text.length, target, offset);
    end(cipher);
    if (written != text.length + TAG_BYTES) {
      throw new GeneralSecurityException("the cipher wrote " + written + " bytes");
    }
  }

  /**
   * Decrypts what stands in the source from the offset on.
   *
   * @throws GeneralSecurityException if the key, the nonce, the context or a byte is another one
   */
  byte[] decrypt(
      SecretKey key, byte[] nonce, byte[] source, int offset, int size, byte[]... context)
      throws GeneralSecurityException {
    Cipher cipher = begin(Cipher.DECRYPT_MODE, key, nonce, context);
    byte[] text = cipher.doFinal(source, offset, size);
    end(cipher);
    return text;
  }

  private Cipher begin(int mode, SecretKey key, byte[] nonce, byte[][] context)
      throws GeneralSecurityException {
    Cipher used = idle.poll();
    Cipher cipher = used == null ? Cipher.getInstance("AES/GCM/NoPadding") : used;
    cipher.init(mode, key, new GCMParameterSpec(TAG_BYTES * Byte.SIZE, nonce));
    for (byte[] each : context) {
      cipher.updateAAD(each);
    }
    return cipher;
  }

  /** A cipher that has thrown is not used again. */
  private void end(Cipher cipher) {
    boolean _ = idle.offer(cipher);
  }
}
