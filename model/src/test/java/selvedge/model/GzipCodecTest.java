package selvedge.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

final class GzipCodecTest {
  private static final Codec<String> TEXT = Codec.TEXT.gzip();
  private static final Codec<Bytes> BYTES = Codec.BYTES.gzip();

  @Test
  void compressesWhereThatMakesAValueShorter() {
    String text = "selvedge ".repeat(1000);

    Bytes stored = TEXT.encode(text);

    assertThat(stored.size()).isLessThan(200);
    assertThat(TEXT.decode(stored)).isEqualTo(text);
    assertThat(TEXT.encode("short")).isEqualTo(Bytes.utf8("short"));
  }

  @Test
  void decodesWhatWasStoredWithoutCompression() {
    String text = "selvedge ".repeat(1000);

    assertThat(TEXT.decode(Bytes.utf8(text))).isEqualTo(text);
    assertThat(TEXT.decode(Bytes.EMPTY)).isEmpty();
  }

  @Test
  void aValueThatLooksCompressedIsReturnedAsItWas() throws IOException {
    Bytes[] values = {gzip(new byte[1000]), Bytes.copyOf(new byte[] {0x1f, (byte) 0x8b})};
    for (Bytes value : values) {
      assertThat(BYTES.decode(BYTES.encode(value))).isEqualTo(value);
    }
  }

  @Test
  void refusesAValueThatCannotBeExpanded() {
    Bytes broken = Bytes.copyOf(new byte[] {0x1f, (byte) 0x8b, 8, 0, 0});

    assertThatThrownBy(() -> TEXT.decode(broken))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("expanded");
  }

  @Test
  void compressionDoesNotLiftTheLimitOfAValue() throws IOException {
    byte[] tooLong = new byte[Math.toIntExact(Limit.VALUE_BYTES.in(Profile.OPEN)) + 1];
    Bytes bomb = gzip(tooLong);

    assertThatThrownBy(() -> BYTES.encode(Bytes.adopt(tooLong)))
        .isInstanceOf(LimitExceededException.class);
    assertThatThrownBy(() -> BYTES.decode(bomb)).isInstanceOf(LimitExceededException.class);
  }

  private static Bytes gzip(byte[] plain) throws IOException {
    var bytes = new ByteArrayOutputStream();
    try (var out = new GZIPOutputStream(bytes)) {
      out.write(plain);
    }
    return Bytes.adopt(bytes.toByteArray());
  }
}
