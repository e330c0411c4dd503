package selvedge.model;

/**
 * Encodes values of a type as bytes and decodes them. Implementations must be safe for use by many
 * threads.
 *
 * {@snippet class="selvedge.examples.FirstSteps" region="codec"}
 *
 * @param <T> the type of the values
 */
public interface Codec<T> {

  /** Bytes without a change. */
  Codec<Bytes> BYTES = of(bytes -> bytes, bytes -> bytes);

  /** Text in UTF-8. */
  Codec<String> TEXT = of(Bytes::utf8, Bytes::utf8);

  /** Whole numbers as decimal text, as {@link Namespace#increment} stores them. */
  Codec<Long> NUMBER =
      of(
          number -> Bytes.utf8(Long.toString(number)),
          bytes -> {
            try {
              return Long.parseLong(bytes.utf8());
            } catch (NumberFormatException e) {
              throw new InvalidRequestException("\"" + bytes.utf8() + "\" is not a whole number");
            }
          });

  /**
   * Encodes a value.
   *
   * @param value the value
   * @return its bytes
   */
  Bytes encode(T value);

  /**
   * Decodes a value.
   *
   * @param bytes the bytes of a stored value
   * @return the value
   * @throws InvalidRequestException if {@link #encode} cannot have made the bytes
   */
  T decode(Bytes bytes);

  /**
   * Returns a codec that compresses values with gzip where that makes them shorter, on the wire and
   * on disk. It also decodes values that were stored without compression, unless they begin with
   * the bytes of gzip.
   *
   * @return the codec; it throws a {@link LimitExceededException} for a value that has more than 25
   *     MiB before it is compressed
   */
  default Codec<T> gzip() {
    return new GzipCodec<>(this);
  }

  /**
   * One direction of a codec.
   *
   * @param <A> the type of the argument
   * @param <B> the type of the result
   */
  interface Step<A, B> {

    /**
     * Converts a value.
     *
     * @param value the value
     * @return the converted value
     */
    B from(A value);
  }

  /**
   * Returns a codec of two functions.
   *
   * @param <T> the type of the values
   * @param encoding encodes a value
   * @param decoding decodes a value; throws an {@link InvalidRequestException} for other bytes
   * @return the codec
   */
  static <T> Codec<T> of(Step<T, Bytes> encoding, Step<Bytes, T> decoding) {
    return new Codec<>() {
      @Override
      public Bytes encode(T value) {
        return encoding.from(value);
      }

      @Override
      public T decode(Bytes bytes) {
        return decoding.from(bytes);
      }
    };
  }
}
