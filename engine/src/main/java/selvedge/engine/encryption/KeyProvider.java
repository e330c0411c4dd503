package selvedge.engine.encryption;

import selvedge.model.InvalidRequestException;

/**
 * A kind of key management service. A provider is a class with a public constructor without
 * parameters, whose name is in the file {@code
 * META-INF/services/selvedge.engine.encryption.KeyProvider} of its jar.
 */
public interface KeyProvider {

  /** Returns the name by which the setting {@code encryption-kms} selects this service. */
  String name();

  /**
   * Returns the keys at an address. {@link MasterKeys#read} requests them from the service: the
   * current key first, then those that still unwrap. Secrets for the service come from variables or
   * files of the provider, not from the address.
   *
   * @param address the setting {@code encryption-kms} after the name and the colon
   * @throws InvalidRequestException if the address is not valid
   */
  MasterKeys open(String address);
}
