package selvedge.patterns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import selvedge.model.Codec;
import selvedge.model.InvalidRequestException;

final class SettingsTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final Fixture at = new Fixture();

  private static void until(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      Thread.onSpinWait();
    }
  }

  @Test
  void valuesHaveTypesAndDefaults() {
    at.namespace.put("config/limit", "7");
    at.namespace.put("config/debug", "true");
    at.namespace.put("other", "x");
    try (Settings settings = Settings.open(at.namespace, "config/", MINUTE)) {
      assertThat(settings.number("limit", 1)).isEqualTo(7);
      assertThat(settings.isOn("debug", false)).isTrue();
      assertThat(settings.text("name", "nobody")).isEqualTo("nobody");
      assertThat(settings.all("")).isEqualTo(Map.of("limit", "7", "debug", "true"));
      assertThat(settings.all("li")).isEqualTo(Map.of("limit", "7"));
      assertThatThrownBy(() -> settings.isOn("limit", false))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("limit");
      assertThat(settings.age()).isLessThan(MINUTE);
    }
  }

  @Test
  void aChangeMadeAnywhereArrivesByItself() {
    try (Settings settings = Settings.open(at.namespace, "config/", MINUTE);
        Settings elsewhere = Settings.open(at.namespace, "config/", MINUTE)) {
      elsewhere.set("name", "one");
      until(() -> settings.text("name", "").equals("one"));
      elsewhere.set("limit", 3L, Codec.NUMBER);
      until(() -> settings.number("limit", 0) == 3);
      at.namespace.clear("config/");
      until(() -> settings.all("").isEmpty());
    }
  }

  @Test
  void aCrowdOfUpdatesLosesNone() throws InterruptedException {
    try (Settings settings = Settings.open(at.namespace, "config/", MINUTE)) {
      Crowd.of(Crowd.SIZE, () -> settings.update("n", Codec.NUMBER, 0L, n -> n + 1));
      until(() -> settings.number("n", 0) == Crowd.SIZE);
    }
  }

  @Test
  void settingsThatAreReadOnceStayAsTheyWere() {
    at.namespace.put("config/name", "one");
    String naive = at.namespace.getText("config/name").orElse("");
    at.namespace.put("config/name", "two");
    assertThat(naive).isEqualTo("one");
  }
}
