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
import selvedge.model.Bytes;
import selvedge.model.Limits;
import selvedge.model.NamespaceId;
import selvedge.model.Profile;
import selvedge.model.Version;
import selvedge.server.access.OpenCaller;
import selvedge.server.api.Request;
import selvedge.server.api.TestRequest;

final class FeedEndpointTest {
  private static final long ENDED = 7;
  private static final long EPOCH = 8;
  private static final Version RESTORED = new Version(5);
  private static final Version FIRST = new Version(1000);
  private static final Openings.Opening OLD =
      new Openings.Opening(1, ENDED, Version.NONE, new Version(1));
  private static final Openings.Opening NEW = new Openings.Opening(2, EPOCH, RESTORED, FIRST);

  /** The changes of a namespace. */
  private static final FeedFilter PROGRAM =
      FeedFilter.of(new NamespaceId("11".repeat(16)), Bytes.EMPTY, Bytes.EMPTY);

  private final List<Version> claimed = new ArrayList<>();
  private final Descent here =
      new Descent(
          EPOCH,
          FIRST,
          new Lineage(List.of(new Lineage.Ancestor(ENDED, RESTORED))),
          Openings.NONE.with(OLD).with(NEW));
  private final FeedEndpoint feed = feed(false);

  private FeedEndpoint feed(boolean follows) {
    return new FeedEndpoint(
        new FeedEndpoint.Changes(
            new MemoryStore(EPOCH), new FeedSignal(FIRST), () -> here, follows),
        (_, _, agreed) -> claimed.add(agreed),
        Limits.of(Profile.OPEN),
        InstantSource.system(),
        () -> 0);
  }

  /** Returns the status and the code for a program that has received a version. */
  private String watched(boolean follows, long epoch, long after, Openings.Opening... opening) {
    Request named =
        new TestRequest("GET", "/v1/feed?after=" + after + "&epoch=" + epoch)
            .with("Selvedge-Openings", new Openings(List.of(opening)).text().utf8());
    Request request =
        opening.length > 0
            ? named
            : new TestRequest("GET", "/v1/feed?after=" + after + "&epoch=" + epoch);
    try {
      return "" + feed(follows).read(request, new OpenCaller(true), PROGRAM).status();
    } catch (V1Failure e) {
      return e.status() + " " + e.code();
    }
  }

  @Test
  void aProgramContinuesAfterTheChangesThatAreHere() {
    assertThat(watched(true, ENDED, 5)).isEqualTo("200");
    assertThat(watched(true, ENDED, 5, OLD)).isEqualTo("200");
    assertThat(watched(true, EPOCH, 1000, NEW)).isEqualTo("200");
    assertThat(watched(true, EPOCH, 1000)).isEqualTo("200");
  }

  @Test
  void theEpochOfAnEventStreamIsNotThatOfItsLastEvent() {
    Request again =
        new TestRequest("GET", "/v1/feed?after=5&epoch=" + ENDED)
            .with("Accept", "text/event-stream")
            .with("Last-Event-ID", "1000");

    assertThat(feed.read(again, new OpenCaller(true), PROGRAM).status()).isEqualTo(200);
  }

  @Test
  void aProgramWaitsForChangesThatMayStillArrive() {
    var next = new Openings.Opening(3, EPOCH, new Version(1001), new Version(1002));
    var promoted = new Openings.Opening(4, 9, FIRST, new Version(2000));

    assertThat(watched(true, EPOCH, 1001, NEW)).isEqualTo("503 behind");
    assertThat(watched(true, EPOCH, 1002, next)).isEqualTo("503 behind");
    assertThat(watched(true, 9, 2000, promoted)).isEqualTo("503 behind");
    assertThat(watched(true, EPOCH, 1001)).isEqualTo("410 other_epoch");
  }

  @Test
  void aProgramDoesNotWaitAtAnOrigin() {
    var next = new Openings.Opening(3, EPOCH, new Version(1001), new Version(1002));
    var promoted = new Openings.Opening(4, 9, FIRST, new Version(2000));

    assertThat(watched(false, EPOCH, 1001, NEW)).isEqualTo("410 other_epoch");
    assertThat(watched(false, EPOCH, 1002, next)).isEqualTo("410 other_epoch");
    assertThat(watched(false, 9, 2000, promoted)).isEqualTo("410 lineage-changed");
  }

  @Test
  void aProgramDoesNotContinueAfterChangesThatAreNotPartOfTheStore() {
    var copied = new Openings.Opening(3, EPOCH, new Version(900), new Version(901));

    assertThat(watched(true, EPOCH, 950, copied)).isEqualTo("410 lineage-changed");
    assertThat(watched(true, EPOCH, 1001, copied)).isEqualTo("410 lineage-changed");
    assertThat(watched(true, ENDED, 6, OLD)).isEqualTo("410 lineage-changed");
    assertThat(watched(true, ENDED, 6)).isEqualTo("410 lineage-changed");
    assertThat(watched(true, 9, 3)).isEqualTo("410 lineage-changed");
  }

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
