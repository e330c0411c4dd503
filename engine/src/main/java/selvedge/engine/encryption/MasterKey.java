package selvedge.engine.encryption;

import java.io.IOException;
import java.security.GeneralSecurityException;
import selvedge.model.Bytes;

/**
 * A key that encrypts data keys and nothing else. It may be in this process, as {@link
 * AesMasterKey} is, or in a key management service.
 *
 * <p>Implementations are safe for use by many threads. A call of a service must end within a few
 * seconds, because writes may wait for it.
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
   * @throws IOException if the service that has the key cannot be reached
   */
  Bytes wrap(Bytes dataKey, Bytes context) throws GeneralSecurityException, IOException;

  /**
   * Decrypts a data key.
   *
   * @throws GeneralSecurityException if the bytes are not what {@link #wrap} returned for the
   *     context, or if the key cannot be used
   * @throws IOException if the service that has the key cannot be reached
   */
  Bytes unwrap(Bytes wrapped, Bytes context) throws GeneralSecurityException, IOException;
}
