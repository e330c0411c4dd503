package selvedge.model;

/**
 * How values of a type are kept as bytes. Safe for use by many threads.
 *
 * {@snippet class="selvedge.examples.FirstSteps" region="codec"}
 *
 * @param <T> the type of the values
 */
public interface Codec<T> {

  /** Bytes as they are. */
  Codec<Bytes> BYTES = of(bytes -> bytes, bytes -> bytes);

  /** Text in UTF-8. */
  Codec<String> TEXT = of(Bytes::utf8, Bytes::utf8);

  /** Whole numbers as decimal text, as {@link Namespace#increment} keeps them. */
  Codec<Long> NUMBER =
      of(
          number -> Bytes.utf8(Long.toString(number)),
          bytes -> {
            try {
              return Long.parseLong(bytes.utf8());
            } catch (NumberFormatException e) {
              throw new InvalidRequestException("\"" + bytes.utf8() + "\" is no whole number");
            }
          });

  Bytes encode(T value);

  /** Throws an {@link InvalidRequestException} for bytes that {@link #encode} does not make. */
  T decode(Bytes bytes);

  /** One direction of a codec. */
  interface Step<A, B> {
    B from(A given);
  }

  /** Makes a codec of its two directions. */
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
