package selvedge.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class MetadataTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '!',
      quoteCharacter = '`',
      value = {
        "` { \"a b\" : [ 1 , 2.50 ] } `!{\"a b\":[1,2.50]}",
        "`\"\\\" \\\\\"`!`\"\\\" \\\\\"`",
        "`[\"\\\\\" , \" x\"]`!`[\"\\\\\",\" x\"]`",
        "` 1e400 `!1e400",
        "`-0.0E-10`!`-0.0E-10`",
        "`\"\\ud800\"`!`\"\\ud800\"`",
        "`\"\\/\\b\\f\\n\\r\\t\\uABcd\"`!`\"\\/\\b\\f\\n\\r\\t\\uABcd\"`",
        "`{\"a\":1,\"a\":2}`!`{\"a\":1,\"a\":2}`",
        "`[{},[],\"\",true,false,null,0]`!`[{},[],\"\",true,false,null,0]`",
        "`\"é😀\u007f\"`!`\"é😀\u007f\"`"
      })
  void keepsJsonWithoutTheWhiteSpaceBetweenItsTokens(String text, String shortest) {
    assertThat(Metadata.json(text).stored()).isEqualTo(Bytes.utf8(shortest));
    assertThat(Metadata.json(text).json()).isEqualTo(Bytes.utf8(shortest));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{",
        "}",
        "[",
        "]",
        "[1,]",
        "[,1]",
        "[1 2]",
        "{a:1}",
        "'a'",
        "1 2",
        "nul",
        "nulll",
        "tru",
        "\"a",
        "\"\n\"",
        "\"\t\"",
        "\ufeff1",
        "NaN",
        "Infinity",
        "01",
        "-",
        "-01",
        "+1",
        ".5",
        "1.",
        "1.e1",
        "1e",
        "1e+",
        "0x1",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{,}",
        "{\"a\" 1}",
        "{1:2}",
        "{\"a\":1 \"b\":2}",
        "\u0000",
        "/**/1",
        "\"\\x\"",
        "\"\\u12g4\"",
        "\"\\u123\"",
        "\"\\",
        "\"\\\"",
        "{}\u0000",
        "{}}",
        "not json",
        "\"aaaaaaa\u0001aaaaaaaa\"",
        "{}\n{\"forged\":true}",
        "\u00a01",
        "\ud800",
        "\"\ud800\"",
        "\"\udc00\ud800\""
      })
  void refusesTextThatIsNotOneJsonValue(String text) {
    assertThatThrownBy(() -> Metadata.json(text)).isInstanceOf(InvalidMetadataException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "80",
        "bf",
        "c0af",
        "c1bf",
        "c2",
        "c241",
        "e08080",
        "e09fbf",
        "e28f",
        "eda080",
        "edbfbf",
        "f0808080",
        "f08fbfbf",
        "f09f98",
        "f4908080",
        "f5808080",
        "ff",
        "fe"
      })
  void refusesStringsThatAreNotUtf8(String hex) {
    Bytes quote = Bytes.utf8("\"");
    Bytes text = quote.plus(Bytes.adopt(HexFormat.of().parseHex(hex))).plus(quote);

    assertThatThrownBy(() -> Metadata.json(text)).isInstanceOf(InvalidMetadataException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"c280", "dfbf", "e0a080", "ed9fbf", "ee8080", "f0908080", "f48fbfbf"})
  void acceptsEveryLengthOfUtf8(String hex) {
    Bytes quote = Bytes.utf8("\"");
    Bytes text = quote.plus(Bytes.adopt(HexFormat.of().parseHex(hex))).plus(quote);

    assertThat(Metadata.json(text).json()).isEqualTo(text);
  }

  @Test
  void refusesOtherEncodings() {
    for (var charset :
        new java.nio.charset.Charset[] {
          StandardCharsets.UTF_16BE, StandardCharsets.UTF_16LE, StandardCharsets.UTF_16
        }) {
      Bytes text = Bytes.adopt("{\"a\":1}".getBytes(charset));

      assertThatThrownBy(() -> Metadata.json(text)).isInstanceOf(InvalidMetadataException.class);
    }
  }

  @Test
  void limitsTheDepth() {
    assertThat(Metadata.json("[".repeat(500) + "]".repeat(500)).isPresent()).isTrue();
    assertThat(Metadata.stored(Bytes.utf8("[".repeat(501) + "]".repeat(501))).isJson()).isFalse();
    assertThat(Metadata.stored(Bytes.utf8("{\"a\":".repeat(1_000_000))).isJson()).isFalse();
  }

  @Test
  void nullIsNoMetadata() {
    assertThat(Metadata.json(" null ")).isEqualTo(Metadata.NONE);
    assertThat(Metadata.NONE.isPresent()).isFalse();
    assertThat(Metadata.stored(Bytes.EMPTY)).isSameAs(Metadata.NONE);
  }

  @Test
  void storedBytesThatAreNotJsonAreAnsweredAsAString() {
    Metadata old = Metadata.stored(Bytes.utf8("a\"b\\\n{\"forged\":1}\u0001é"));

    assertThat(old.isJson()).isFalse();
    assertThat(old.json().utf8()).isEqualTo("\"a\\\"b\\\\\\u000a{\\\"forged\\\":1}\\u0001é\"");
    assertThat(Metadata.json(old.json()).isJson()).isTrue();
    assertThat(old.stored()).isEqualTo(Bytes.utf8("a\"b\\\n{\"forged\":1}\u0001é"));
    assertThatThrownBy(old::requireJson).isInstanceOf(InvalidMetadataException.class);
  }

  @Test
  void storedBytesThatAreNotUtf8AreAnsweredAsUtf8() {
    Metadata old = Metadata.stored(Bytes.adopt(new byte[] {'"', (byte) 0xff, '"'}));

    assertThat(old.json()).isEqualTo(Bytes.utf8("\"\\\"\ufffd\\\"\""));
  }

  @Test
  void storedJsonIsAnsweredOnOneLine() {
    Bytes stored = Bytes.utf8("{\r\n  \"a b\":\t1\n}");
    Metadata old = Metadata.stored(stored);

    assertThat(old.isJson()).isTrue();
    assertThat(old.json().utf8()).isEqualTo("{\"a b\":1}");
    assertThat(old.stored()).isEqualTo(stored);
    assertThat(old.requireJson()).isSameAs(old);
  }
}
