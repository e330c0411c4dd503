package selvedge.patterns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import selvedge.model.Bytes;
import selvedge.model.Codec;
import selvedge.model.InvalidRequestException;
import selvedge.model.Metadata;
import selvedge.model.Version;
import selvedge.model.Watch;

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
  void aChangeOfAnotherProcessArrives() {
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
  void concurrentUpdatesAreAllKept() throws InterruptedException {
    try (Settings settings = Settings.open(at.namespace, "config/", MINUTE)) {
      Crowd.of(Crowd.SIZE, () -> settings.update("n", Codec.NUMBER, 0L, n -> n + 1));
      until(() -> settings.number("n", 0) == Crowd.SIZE);
    }
  }

  @Test
  void aCopyOfSettingsDoesNotChange() {
    at.namespace.put("config/name", "one");
    String naive = at.namespace.getText("config/name").orElse("");
    at.namespace.put("config/name", "two");
    assertThat(naive).isEqualTo("one");
  }

  @Test
  @Timeout(30)
  void aRefusedWatchIsRepeatedAfterGrowingPauses() throws InterruptedException {
    var watches = new AtomicInteger();
    var failure = new AtomicReference<RuntimeException>(new InvalidRequestException("no"));
    var refusing =
        new WrappedNamespace(at.namespace) {
          @Override
          public Watch watch(Bytes prefix, Version after) {
            watches.incrementAndGet();
            throw failure.get();
          }
        };
    var pauses = new SynchronousQueue<Duration>();
    try (var settings = new Settings(refusing, "config/", MINUTE, wait -> offer(pauses, wait))) {
      assertThat(pauses.take()).isEqualTo(Duration.ofMillis(500));
      at.namespace.put("config/name", "new");
      failure.set(new IllegalStateException("closed"));
      Duration before = Duration.ofMillis(500);
      for (int i = 0; i < 10; i++) {
        Duration wait = pauses.take();
        assertThat(wait).isBetween(before, Duration.ofSeconds(30));
        before = wait;
      }
      assertThat(before).isEqualTo(Duration.ofSeconds(30));
      assertThat(watches.get()).isBetween(11, 12);
      assertThat(settings.text("name", "")).isEqualTo("new");
    }
  }

  private static void offer(SynchronousQueue<Duration> pauses, Duration wait) {
    try {
      pauses.put(wait);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void settingsAreImportedRequiredAndRemoved() {
    try (Settings settings = Settings.open(at.namespace, "config/", MINUTE)) {
      assertThatThrownBy(() -> settings.require("limit", Codec.NUMBER))
          .isInstanceOf(InvalidRequestException.class)
          .hasMessageContaining("config/limit");
      assertThat(settings.setAll(Map.of("limit", "7", "name", "one")).isComplete()).isTrue();
      until(() -> settings.all("").size() == 2);
      assertThat(settings.require("limit", Codec.NUMBER)).isEqualTo(7);
      settings.remove("limit");
      until(() -> settings.all("").equals(Map.of("name", "one")));
    }
  }

  @Test
  void settingsHaveMetadataThatAnUpdateKeeps() {
    Metadata why = Metadata.json("{\"description\":\"requests in a minute\"}");
    try (Settings settings = Settings.open(at.namespace, "config/", MINUTE)) {
      settings.set("limit", 7L, Codec.NUMBER, why);
      until(() -> settings.find("limit").isPresent());
      assertThat(settings.find("limit").orElseThrow().metadata()).isEqualTo(why);
      settings.update("limit", Codec.NUMBER, 0L, n -> n + 1);
      until(() -> settings.number("limit", 0) == 8);
      assertThat(settings.find("limit").orElseThrow().metadata()).isEqualTo(why);
      settings.set("other", "x");
      until(() -> settings.find("other").isPresent());
      assertThat(settings.getAll(List.of("other", "none", "limit"), Codec.TEXT))
          .containsExactly(Map.entry("other", "x"), Map.entry("limit", "8"));
    }
  }

  @Test
  @Timeout(30)
  void aListenerReceivesEachChangeOfItsSettings() throws InterruptedException {
    var changes = new LinkedBlockingQueue<String>();
    try (Settings settings = Settings.open(at.namespace, "config/", MINUTE)) {
      settings.onChange(
          "db/",
          change -> {
            throw new AssertionError("a listener that fails");
          });
      Settings.Registration registration =
          settings.onChange(
              "db/",
              change ->
                  changes.add(
                      change.name()
                          + " "
                          + change.before().map(before -> before.as(Codec.TEXT))
                          + " "
                          + change.after().map(after -> after.as(Codec.TEXT))
                          + " "
                          + settings.text("db/host", "none")));
      settings.set("cache/size", "1");
      settings.set("db/host", "a");
      assertThat(changes.take()).isEqualTo("db/host Optional.empty Optional[a] a");
      settings.set("db/host", "b");
      assertThat(changes.take()).isEqualTo("db/host Optional[a] Optional[b] b");
      at.namespace.clear("config/");
      assertThat(changes.take()).isEqualTo("db/host Optional[b] Optional.empty none");
      registration.close();
      settings.set("db/host", "c");
      until(() -> settings.text("db/host", "").equals("c"));
      settings.set("end", "1");
      until(() -> settings.find("end").isPresent());
      assertThat(changes).isEmpty();
    }
  }

  @Test
  @Timeout(30)
  void aListenerReceivesChangesThatWereMadeWhileTheWatchWasBroken() throws InterruptedException {
    var changes = new LinkedBlockingQueue<String>();
    var refusing =
        new WrappedNamespace(at.namespace) {
          @Override
          public Watch watch(Bytes prefix, Version after) {
            throw new InvalidRequestException("no");
          }
        };
    var pauses = new SynchronousQueue<Duration>();
    at.namespace.put("config/same", "1");
    at.namespace.put("config/old", "1");
    try (var settings = new Settings(refusing, "config/", MINUTE, wait -> offer(pauses, wait))) {
      settings.onChange("", change -> changes.add(change.name()));
      at.namespace.put("config/new", "1");
      at.namespace.delete("config/old");
      pauses.take();
      pauses.take();
      assertThat(changes.take()).isEqualTo("new");
      assertThat(changes.take()).isEqualTo("old");
      assertThat(changes).isEmpty();
    }
  }
}
