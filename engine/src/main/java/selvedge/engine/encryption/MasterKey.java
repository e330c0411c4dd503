package selvedge.engine.encryption;

import java.security.GeneralSecurityException;
import selvedge.model.Bytes;

/**
 * A key that encrypts data keys and nothing else. It may be in this process, as {@link
 * AesMasterKey} is, or in a key management service.
 *
 * <p>Implementations are safe for use by many threads.
 */
public interface MasterKey {

  /**
   * Returns a name of the key that does not reveal it. It is stored beside what the key encrypts
   * and has 1 to 128 letters, digits, dots, colons, slashes, dashes and underscores.
   */
  String id();

  /**
   * Encrypts a data key.
   *
   * @param context must be given again to decrypt it
   * @throws GeneralSecurityException if the key cannot be used
   */
  Bytes wrap(Bytes dataKey, Bytes context) throws GeneralSecurityException;

  /**
   * Decrypts a data key.
   *
   * @throws GeneralSecurityException if the bytes are not what {@link #wrap} returned for the
   *     context, or if the key cannot be used
   */
  Bytes unwrap(Bytes wrapped, Bytes context) throws GeneralSecurityException;
}
