package selvedge.server.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import selvedge.model.Bytes;
import tools.jackson.core.JacksonException;

final class JsonTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      quoteCharacter = '`',
      value = {
        "` { \"a b\" : [ 1 , 2.50 ] } `!{\"a b\":[1,2.50]}",
        "`\"\\\" \\\\\"`!`\"\\\" \\\\\"`",
        "`[\"\\\\\" , \" x\"]`!`[\"\\\\\",\" x\"]`",
        "` 1e400 `!1e400",
        "`\"\\ud800\"`!`\"\\ud800\"`",
        "`{\"a\":1,\"a\":2}`!`{\"a\":1,\"a\":2}`",
        "`\"é😀\"`!`\"é😀\"`"
      })
  void minifyTakesTheWhiteSpaceBetweenTokensAndNothingElse(String text, String shortest) {
    assertThat(Json.minify(Bytes.utf8(text))).contains(Bytes.utf8(shortest));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", " ", "{", "}", "[1,]", "{a:1}", "'a'", "1 2", "nul", "\"a", "\"\n\"", "\ufeff1", "NaN",
        "01", "+1", ".5", "{\"a\"}", "\u0000", "/**/1", "\"\\x\""
      })
  void minifyRefusesWhatIsNoJson(String text) {
    assertThat(Json.minify(Bytes.utf8(text))).isEmpty();
  }

  @Test
  void jsonIsUtf8() {
    assertThat(Json.minify(Bytes.adopt("{\"a\":1}".getBytes(StandardCharsets.UTF_16BE)))).isEmpty();
    assertThat(Json.minify(Bytes.adopt(new byte[] {'"', (byte) 0xff, '"'}))).isEmpty();
    assertThat(Json.minify(Bytes.adopt(new byte[] {'"', (byte) 0xc3}))).isEmpty();
    assertThat(
            Json.minify(Bytes.adopt(new byte[] {'"', (byte) 0xed, (byte) 0xa0, (byte) 0x80, '"'})))
        .isEmpty();
  }

  @Test
  void jsonIsNestedOnlySoDeep() {
    assertThat(Json.minify(Bytes.utf8("[".repeat(500) + "]".repeat(500)))).isPresent();
    assertThat(Json.minify(Bytes.utf8("[".repeat(501) + "]".repeat(501)))).isEmpty();
    assertThat(Json.minify(Bytes.utf8("[".repeat(1_000_000)))).isEmpty();
  }

  @Test
  void anEscapeAtTheEndOfAWindowIsStillAnEscape() {
    for (int shift = 8180; shift < 8200; shift++) {
      String json = "[\"" + "x".repeat(shift) + "\\\" a\", 1]";

      assertThat(Json.minify(Bytes.utf8(json))).contains(Bytes.utf8(json.replace(", ", ",")));
    }
  }

  @Test
  void aStreamThatFailsIsNoBadJson() {
    assertThatThrownBy(
            () ->
                Json.read(
                    new SequenceInputStream(Bytes.utf8("[").open(), new BrokenStream(0)),
                    json -> json.nextToken()))
        .isInstanceOf(IOException.class)
        .hasMessage("the client went away");
    assertThatThrownBy(
            () -> Json.isJson(new SequenceInputStream(Bytes.utf8("[").open(), new BrokenStream(0))))
        .isInstanceOf(UncheckedIOException.class);
    assertThatThrownBy(
            () -> Json.read(new ByteArrayInputStream(new byte[] {'x'}), json -> json.nextToken()))
        .isInstanceOf(JacksonException.class);
  }

  @Test
  void halfACharacterIsReplaced() {
    assertThat(Json.utf8("a\ud83d\ude00\ud800b\udc00").utf8()).isEqualTo("a😀\uFFFDb\uFFFD");
    assertThat(Json.utf8("").isEmpty()).isTrue();
  }
}
