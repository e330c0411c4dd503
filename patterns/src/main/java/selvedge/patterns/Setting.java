package selvedge.patterns;

import selvedge.model.Bytes;
import selvedge.model.Codec;
import selvedge.model.InvalidRequestException;
import selvedge.model.Metadata;
import selvedge.model.Version;

/**
 * A setting as it was read. Immutable.
 *
 * @param name its name
 * @param value its value
 * @param metadata its metadata, such as a description
 * @param version the version of the change that wrote it
 */
public record Setting(String name, Bytes value, Metadata metadata, Version version) {

  /**
   * Returns the value, decoded.
   *
   * @param <T> the type of the value
   * @param codec decodes the value
   * @return the value
   * @throws InvalidRequestException if the codec cannot read the value
   */
  public <T> T as(Codec<T> codec) {
    return codec.decode(value);
  }
}
