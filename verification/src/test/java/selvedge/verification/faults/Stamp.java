package selvedge.verification.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import selvedge.model.Bytes;

/**
 * The identity of a write inside its value: key, sequence number and size.
 *
 * <p>A value is a line with the stamp, followed by bytes that are derived from the stamp.
 */
record Stamp(String key, long sequence, int size) {

  /** The stamp of a key without an entry. */
  static final Stamp ABSENT = new Stamp("", 0, 0);

  Bytes value() {
    byte[] line = (key + "\t" + sequence + "\t" + size + "\n").getBytes(StandardCharsets.UTF_8);
    byte[] value = new byte[Math.max(size, line.length)];
    new SplittableRandom(key.hashCode() * 31L + sequence).nextBytes(value);
    System.arraycopy(line, 0, value, 0, line.length);
    return Bytes.adopt(value);
  }

  /** Returns the metadata for the value. */
  String metadata() {
    return "{\"sequence\":" + sequence + "}";
  }

  /** Reads the stamp of a value. Fails if the value does not match it exactly. */
  static Stamp read(String key, Bytes value) {
    String text = new String(value.toArray(), StandardCharsets.ISO_8859_1);
    int end = text.indexOf('\n');
    assertThat(end).as("the stamp in the value of %s", key).isPositive();
    String[] parts = text.substring(0, end).split("\t", -1);
    assertThat(parts[0]).as("the key in the value of %s", key).isEqualTo(key);
    var stamp = new Stamp(key, Long.parseLong(parts[1]), Integer.parseInt(parts[2]));
    assertThat(value.equals(stamp.value()))
        .as("the value of %s: %d bytes with the stamp %s", key, value.size(), stamp)
        .isTrue();
    return stamp;
  }
}
