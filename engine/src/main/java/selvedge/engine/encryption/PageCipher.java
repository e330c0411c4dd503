package selvedge.engine.encryption;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.SecretKey;

/**
 * Encrypts a temporary file in pages, under a random key that is in memory only. The number of a
 * page is its nonce. Confined to one thread.
 */
public final class PageCipher {
  /** How many bytes an encrypted page has more than the page. */
  public static final int OVERHEAD = AesGcm.TAG_BYTES;

  private final SecretKey key;
  private final AesGcm gcm = new AesGcm();
  private long pages;

  public PageCipher() {
    byte[] bytes = new byte[AesGcm.KEY_BYTES];
    new SecureRandom().nextBytes(bytes);
    this.key = AesGcm.key(bytes);
  }

  /** Encrypts the next page; the first is page 0. */
  public byte[] encryptNext(byte[] page) {
    byte[] encrypted = new byte[page.length + OVERHEAD];
    try {
      gcm.encrypt(key, AesGcm.nonce(pages), page, encrypted, 0);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-256-GCM does not work on this Java", e);
    }
    pages++;
    return encrypted;
  }

  /**
   * Decrypts a page.
   *
   * @throws GeneralSecurityException if the bytes are not those of the page
   */
  public byte[] decrypt(long number, byte[] encrypted) throws GeneralSecurityException {
    return gcm.decrypt(key, AesGcm.nonce(number), encrypted, 0, encrypted.length);
  }
}
