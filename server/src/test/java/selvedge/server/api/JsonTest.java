package selvedge.server.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import selvedge.model.Bytes;
import tools.jackson.core.JacksonException;

final class JsonTest {

  @Test
  void anEscapeAtTheEndOfAWindowIsStillAnEscape() throws IOException {
    for (int shift = 8180; shift < 8200; shift++) {
      String json = "[\"" + "x".repeat(shift) + "\\\" a\", 1]";
      var shortest = new ByteArrayOutputStream();

      CompactJson.copy(Bytes.utf8(json).open(), shortest);

      assertThat(shortest.toString(StandardCharsets.UTF_8)).isEqualTo(json.replace(", ", ","));
    }
  }

  @Test
  void aFailingStreamIsNotReportedAsInvalidJson() {
    assertThatThrownBy(
            () ->
                Json.read(
                    new SequenceInputStream(Bytes.utf8("[").open(), new BrokenStream(0)),
                    json -> json.nextToken()))
        .isInstanceOf(IOException.class)
        .hasMessage("the client closed the connection");
    assertThatThrownBy(
            () -> Json.isJson(new SequenceInputStream(Bytes.utf8("[").open(), new BrokenStream(0))))
        .isInstanceOf(UncheckedIOException.class);
    assertThatThrownBy(
            () -> Json.read(new ByteArrayInputStream(new byte[] {'x'}), json -> json.nextToken()))
        .isInstanceOf(JacksonException.class);
  }

  @Test
  void replacesAnUnpairedSurrogate() {
    assertThat(Json.utf8("a\ud83d\ude00\ud800b\udc00").utf8()).isEqualTo("a😀\uFFFDb\uFFFD");
    assertThat(Json.utf8("").isEmpty()).isTrue();
  }
}
