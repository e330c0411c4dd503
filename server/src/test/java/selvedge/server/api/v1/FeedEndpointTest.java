package selvedge.server.api.v1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import selvedge.engine.feed.FeedSignal;
import selvedge.engine.replication.Descent;
import selvedge.engine.replication.Lineage;
import selvedge.engine.replication.Openings;
import selvedge.engine.store.MemoryStore;
import selvedge.model.Limits;
import selvedge.model.Profile;
import selvedge.model.Version;
import selvedge.server.access.OpenCaller;
import selvedge.server.api.TestRequest;

final class FeedEndpointTest {
  private static final long ENDED = 7;
  private static final long EPOCH = 8;
  private static final Version RESTORED = new Version(5);
  private static final Version FIRST = new Version(1000);
  private static final Openings.Opening OLD =
      new Openings.Opening(1, ENDED, Version.NONE, new Version(1));
  private static final Openings.Opening NEW = new Openings.Opening(2, EPOCH, RESTORED, FIRST);

  private final List<Version> claimed = new ArrayList<>();
  private final Descent here =
      new Descent(
          EPOCH,
          FIRST,
          new Lineage(List.of(new Lineage.Ancestor(ENDED, RESTORED))),
          Openings.NONE.with(OLD).with(NEW));
  private final FeedEndpoint feed =
      new FeedEndpoint(
          new FeedEndpoint.Changes(new MemoryStore(EPOCH), new FeedSignal(FIRST), () -> here),
          (_, _, agreed) -> claimed.add(agreed),
          Limits.of(Profile.OPEN),
          InstantSource.system(),
          () -> 0);

  private void read(long epoch, long after, Openings openings) {
    feed.read(
        new TestRequest("GET", "/v1/feed?after=" + after + "&epoch=" + epoch)
            .with("Selvedge-Openings", openings.text().utf8().replace('\n', ',')),
        new OpenCaller(true),
        FeedFilter.EVERYTHING);
  }

  @Test
  void aReplicaThatIsAheadInAnEndedEpochMakesNoClaim() {
    assertThatThrownBy(() -> read(ENDED, 9, Openings.NONE.with(OLD)))
        .isInstanceOf(V1Failure.class)
        .hasMessageContaining("version " + RESTORED);

    assertThat(claimed).isEmpty();
  }

  @Test
  void aReplicaThatIsAheadInThisEpochMakesAClaim() {
    assertThatThrownBy(() -> read(EPOCH, 1009, Openings.NONE.with(OLD).with(NEW)))
        .isInstanceOf(V1Failure.class);

    assertThat(claimed).containsExactly(FIRST);
  }
}
