package selvedge.jackson;

import selvedge.model.Bytes;
import selvedge.model.Codec;
import selvedge.model.InvalidRequestException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Encodes values as JSON. Safe for use by many threads. */
public final class JacksonCodec {
  private JacksonCodec() {}

  /**
   * Returns a codec of a class with a default mapper.
   *
   * @param <T> the type of the values
   * @param type the class of the values
   * @return the codec
   */
  public static <T> Codec<T> of(Class<T> type) {
    return of(JsonMapper.shared(), type);
  }

  /**
   * Returns a codec of a class with a mapper. Its {@code decode} throws an {@link
   * InvalidRequestException} for JSON that the mapper cannot read.
   *
   * @param <T> the type of the values
   * @param mapper the mapper
   * @param type the class of the values
   * @return the codec
   */
  public static <T> Codec<T> of(JsonMapper mapper, Class<T> type) {
    return Codec.of(
        value -> Bytes.adopt(mapper.writeValueAsBytes(value)), bytes -> read(mapper, type, bytes));
  }

  private static <T> T read(JsonMapper mapper, Class<T> type, Bytes bytes) {
    try {
      return mapper.readValue(bytes.toArray(), type);
    } catch (JacksonException e) {
      throw new InvalidRequestException(
          "this is no " + type.getSimpleName() + " in JSON: " + e.getOriginalMessage());
    }
  }
}
