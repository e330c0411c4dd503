package selvedge.spring.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;
import selvedge.model.Bytes;
import selvedge.model.InvalidRequestException;

/** The recorded bytes of stored sessions can be read, and the newest form is written. */
final class StoredSessionTest {
  private static final String FORM_1 =
      "01"
          + "0000019b796dd600"
          + "0000019b796ec060"
          + "0000000000000708"
          + "0005616c696365"
          + "00000001"
          + "000463617274"
          + "00000003616263";

  private static Bytes bytes(String hex) {
    return Bytes.copyOf(HexFormat.of().parseHex(hex));
  }

  @Test
  void theBytesOfForm1AreWrittenAndRead() {
    Instant created = Instant.parse("2026-01-01T12:00:00Z");
    var session =
        new StoredSession(
            created,
            created.plusSeconds(60),
            Duration.ofMinutes(30),
            "alice",
            Map.of("cart", Bytes.utf8("abc")));

    assertThat(StoredSession.CODEC.encode(session)).isEqualTo(bytes(FORM_1));
    assertThat(StoredSession.CODEC.decode(bytes(FORM_1))).isEqualTo(session);
  }

  @Test
  void refusesOtherFormsAndBytesThatAreNoSession() {
    assertThatThrownBy(() -> StoredSession.CODEC.decode(bytes("02" + FORM_1.substring(2))))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageContaining("form 2");
    String negativeLength = FORM_1.replace("00000003616263", "ffffffff616263");
    assertThatThrownBy(() -> StoredSession.CODEC.decode(bytes(negativeLength)))
        .isInstanceOf(InvalidRequestException.class);
  }
}
