package selvedge.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import selvedge.model.Version;

final class EpochsTest {
  private final Epochs epochs = new Epochs();

  private void seen(long version, long epoch) {
    epochs.seen(new Version(version), epoch);
  }

  private OptionalLong of(long version) {
    return epochs.of(new Version(version));
  }

  @Test
  void aVersionIsOfTheFirstEpochThatReachesIt() {
    seen(10, 1);
    seen(20, 1);
    seen(1000, 2);

    assertThat(of(15)).hasValue(1);
    assertThat(of(20)).hasValue(1);
    assertThat(of(21)).hasValue(2);
    assertThat(of(1001)).isEmpty();
    assertThat(of(0)).as("no version").isEmpty();
  }

  @Test
  void anEdgeThatIsBehindDoesNotHideTheNewerEpoch() {
    seen(1000, 2);
    seen(20, 1);

    assertThat(of(20)).hasValue(1);
    assertThat(of(21)).hasValue(2);
  }

  /** A backup was restored that is older than the epoch, and has the version 5. */
  @Test
  void onlyVersionsThatWereSeenOfAnUnknownEpochAreOfIt() {
    seen(1000, 2);
    assertThat(of(5)).hasValue(2);

    epochs.refused(2);
    assertThat(of(5)).isEmpty();
    assertThat(of(1000)).hasValue(2);

    seen(9000, 3);
    assertThat(of(5)).hasValue(3);
  }

  @Test
  void aVersionIsDoubtfulOnceANewerEpochIsSeen() {
    var version = new Version(20);
    seen(20, 1);
    assertThat(epochs.isDoubtful(version)).isFalse();

    seen(1000, 2);
    assertThat(epochs.isDoubtful(version)).isTrue();
    assertThat(epochs.isDoubtful(new Version(1000))).isFalse();
    assertThat(epochs.isDoubtful(Version.NONE)).isFalse();

    epochs.confirm(version);
    assertThat(epochs.isDoubtful(version)).isFalse();
  }

  @Test
  void theNewestEpochsAreKept() {
    for (int epoch = 1; epoch <= 20; epoch++) {
      seen(100L * epoch, epoch);
    }

    assertThat(of(1)).hasValue(5);
    assertThat(of(2000)).hasValue(20);
  }
}
