package selvedge.patterns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import selvedge.model.InvalidRequestException;

final class JsonTest {

  @Test
  void everyTextIsReadAsItWasWritten() {
    var random = new Random(1);
    for (int i = 0; i < 2_000; i++) {
      var text = new StringBuilder();
      for (int j = random.nextInt(20); j > 0; j--) {
        text.append((char) (random.nextBoolean() ? random.nextInt(128) : random.nextInt(65_536)));
      }
      Map<String, Object> value = Map.of(text.toString(), List.of(text.toString()));
      assertThat(Json.read(Json.write(value))).isEqualTo(value);
    }
  }

  @Test
  void readsEveryKindOfValue() {
    String text = " {\"a\" : [1, -2.50, 1e3, true, false, null, [], {}], \"b\":\"\\u00e9\\/\\n\"} ";
    Object value = Json.read(text);
    assertThat(value)
        .isEqualTo(
            Map.of(
                "a",
                List.of(
                    BigDecimal.ONE,
                    new BigDecimal("-2.50"),
                    new BigDecimal("1e3"),
                    true,
                    false,
                    Optional.empty(),
                    List.of(),
                    Map.of()),
                "b",
                "\u00e9/\n"));
    assertThat(Json.read(Json.write(value))).isEqualTo(value);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "{}x",
        "{\"a\"}",
        "{\"a\":}",
        "{a:1}",
        "[1,]",
        "[1 2]",
        "\"a",
        "\"\\x\"",
        "\"\\u00g0\"",
        "\"\n\"",
        "nul",
        "1-1",
        "--1"
      })
  void refusesTextThatIsNotOneValue(String text) {
    assertThatThrownBy(() -> Json.read(text))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessageStartingWith("not JSON at character");
  }

  @Test
  void refusesTextThatIsNestedTooDeep() {
    assertThatThrownBy(() -> Json.read("[".repeat(100_000)))
        .isInstanceOf(InvalidRequestException.class);
  }
}
