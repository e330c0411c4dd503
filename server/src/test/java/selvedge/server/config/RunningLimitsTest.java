package selvedge.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import selvedge.model.InvalidRequestException;
import selvedge.model.Limit;
import selvedge.model.Limits;

final class RunningLimitsTest {
  @TempDir Path data;

  private Config config(Setting... settings) {
    List<Setting> all = new ArrayList<>(List.of(settings));
    all.add(new Setting("data", data.toString(), "--data"));
    return Config.of(all);
  }

  @Test
  void aChangeAppliesAtOnceAndAtTheNextStart() {
    Config config = config();
    Limits limits = config.limits();

    config.running().set("feed-bytes", Optional.of("2_000_000"));

    assertThat(limits.get(Limit.FEED_BYTES)).isEqualTo(2_000_000);
    Config next = config();
    assertThat(next.limits().get(Limit.FEED_BYTES)).isEqualTo(2_000_000);
    assertThat(next.running().setting(Limit.FEED_BYTES).source())
        .isEqualTo("line 1 of " + data.resolve("settings"));
    assertThat(next.running().explicit()).containsExactly(Limit.FEED_BYTES);
  }

  @Test
  void aLimitThatIsFixedAtTheStartChangesAtTheNextStart() {
    Config config = config();

    config.running().set("hot-bytes", Optional.of("1000"));

    assertThat(config.limits().get(Limit.HOT_BYTES)).isEqualTo(67_108_864);
    assertThat(config().limits().get(Limit.HOT_BYTES)).isEqualTo(1000);
  }

  @Test
  void aResetReturnsToTheProfile() {
    Config config = config(new Setting("profile", "workers-free", "--profile"));
    config.running().set("limits.writes-per-day", Optional.of("none"));
    assertThat(config.limits().binds(Limit.WRITES_PER_DAY)).isFalse();

    config.running().set("writes-per-day", Optional.empty());

    assertThat(config.limits().get(Limit.WRITES_PER_DAY)).isEqualTo(1000);
    assertThat(config().running().explicit()).isEmpty();
  }

  @Test
  void aLimitThatAnotherPlaceFixesIsRefusedWithThePlace() {
    Config config = config(new Setting("limits.page-keys", "10", "line 3 of selvedge.conf"));

    assertThatThrownBy(() -> config.running().set("page-keys", Optional.of("20")))
        .isInstanceOf(InvalidRequestException.class)
        .hasMessage(
            "limits.page-keys is set by line 3 of selvedge.conf to 10, which ranks first: change it"
                + " there, or remove it there and set it here");
    assertThat(config.limits().get(Limit.PAGE_KEYS)).isEqualTo(10);
  }

  @Test
  void aWrongNameOrValueChangesNothing() {
    RunningLimits limits = config().running();

    assertThatThrownBy(() -> limits.set("feed-byte", Optional.of("1")))
        .hasMessageContaining("did you mean limits.feed-bytes?");
    assertThatThrownBy(() -> limits.set("listen", Optional.of("0.0.0.0:1")))
        .hasMessageContaining("listen is read at the start only");
    assertThatThrownBy(() -> limits.set("feed-bytes", Optional.of("1")))
        .hasMessage("limit feed-bytes must be at least 1048576 bytes, got 1");
    assertThatThrownBy(() -> limits.set("feed-bytes", Optional.of("1 GB")))
        .hasMessageContaining("must be a whole number or none");

    assertThat(data.resolve("settings")).doesNotExist();
  }

  @Test
  void settingsThatAreReadAgainReplaceTheEarlierOnes() {
    Config config = config(new Setting("limits.page-keys", "10", "line 1 of selvedge.conf"));
    config.running().set("bulk-pairs", Optional.of("7"));
    List<Long> observed = new ArrayList<>();
    config.running().observe(() -> observed.add(config.limits().get(Limit.PAGE_KEYS)));

    config.running().adopt(config().running());

    assertThat(config.limits().get(Limit.PAGE_KEYS)).isEqualTo(1000);
    assertThat(config.limits().get(Limit.BULK_PAIRS)).isEqualTo(7);
    assertThat(observed).containsExactly(1000L);
  }

  @Test
  void theStoredFileMayOnlyHaveLimits() throws Exception {
    Files.writeString(data.resolve("settings"), "listen = 0.0.0.0:1\n");

    assertThatThrownBy(this::config)
        .hasMessageContaining("listen must be set by a flag, a variable or a file, not by line 1");
  }
}
