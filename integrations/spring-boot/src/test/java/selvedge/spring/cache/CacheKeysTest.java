package selvedge.spring.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.RoundingMode;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.cache.interceptor.SimpleKey;

final class CacheKeysTest {

  private record Pair(String left, int right) {}

  private static final class Nameless {}

  @Test
  void plainKeysStayReadable() {
    assertThat(CacheKeys.text("9780141439518")).isEqualTo("9780141439518");
    assertThat(CacheKeys.text(42L)).isEqualTo("42");
    assertThat(CacheKeys.text(RoundingMode.CEILING)).isEqualTo("CEILING");
    assertThat(CacheKeys.text(new SimpleKey("a", 1))).isEqualTo("[a,1]");
    assertThat(CacheKeys.text(new Pair("a", 1))).isEqualTo("[a,1]");
  }

  @Test
  void differentKeysHaveDifferentTexts() {
    Stream<Object> keys =
        Stream.of(
            SimpleKey.EMPTY,
            new SimpleKey("a,b", "c"),
            new SimpleKey("a", "b,c"),
            new SimpleKey("a", "b", "c"),
            new SimpleKey("a", List.of("b", "c")),
            new SimpleKey(null, "a"),
            new SimpleKey("null", "a"),
            new SimpleKey("%-", "a"),
            new SimpleKey(new Object[] {null}, "a"),
            "[a,b]",
            List.of("a", "b"));
    assertThat(keys.map(CacheKeys::text)).doesNotHaveDuplicates();
  }

  @Test
  void equalKeysHaveTheSameText() {
    String twice = "a";
    assertThat(CacheKeys.text(new SimpleKey(twice, twice)))
        .isEqualTo(CacheKeys.text(new SimpleKey(new String("a"), new String("a"))));
  }

  @Test
  void longKeysAreHashed() {
    assertThat(CacheKeys.text("a".repeat(1000))).startsWith("sha256:").hasSize(7 + 64);
    assertThat(CacheKeys.text("a".repeat(1000))).isNotEqualTo(CacheKeys.text("a".repeat(1001)));
  }

  @Test
  void aKeyWithoutATextIsRefused() {
    assertThatThrownBy(() -> CacheKeys.text(new Nameless())).hasMessageContaining("toString()");
  }
}
