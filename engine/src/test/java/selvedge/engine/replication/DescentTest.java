package selvedge.engine.replication;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import selvedge.engine.feed.FeedRead;
import selvedge.engine.store.MemoryStore;
import selvedge.model.Change;
import selvedge.model.Version;

final class DescentTest {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

  private final Random random = new Random(1);
  private final MemoryStore origin = new MemoryStore(7);
  private final MemoryStore replica = new MemoryStore(7);

  private void replicate(List<Change> changes) {
    replica.commit(changes);
    Descent.settle(replica, origin.epoch());
  }

  @Test
  void aReplicaBetweenTheChangesOfANewLineageIsOfTheSameCluster() {
    NewLineage.open(origin, NOW, random);
    NewLineage.begin(origin, NOW, random);
    List<Change> changes = ((FeedRead.Changes) origin.read(Version.NONE, 10)).changes();

    replicate(changes.subList(0, 2));
    assertThat(Descent.of(replica).cluster()).isEqualTo(new ClusterId(7));
    assertThat(replica.epoch()).isEqualTo(7);

    replicate(changes.subList(2, 3));
    assertThat(Descent.of(replica).cluster()).isEqualTo(new ClusterId(7));
    assertThat(replica.epoch()).isEqualTo(origin.epoch()).isNotEqualTo(7);
  }

  @Test
  void aChangeOfAnOlderEpochIsPartOfTheStoreUpToTheEndOfThatEpoch() {
    NewLineage.open(origin, NOW, random);
    NewLineage.begin(origin, NOW, random);

    assertThat(Descent.of(origin).has(7, new Version(1))).isTrue();
    assertThat(Descent.of(origin).has(7, new Version(2))).isFalse();
    assertThat(Descent.of(origin).has(origin.epoch(), origin.latest())).isTrue();
    assertThat(Descent.of(origin).has(8, new Version(1))).isFalse();
  }

  @Test
  void aReaderOfAVersionKnowsItsEpochAndItsOpening() {
    MemoryStore old = new MemoryStore(7);
    NewLineage.begin(old, NOW, random);
    Openings.Opening first = Descent.of(old).openings().all().getFirst();
    Openings.Opening second = NewLineage.open(old, NOW, random);
    Descent here = Descent.of(old);

    assertThat(here.upTo(second.first())).isEqualTo(Descent.at(second));
    assertThat(here.upTo(second.after()).openings().newest()).isEqualTo(first.id());
    assertThat(here.upTo(second.after()).epoch()).isEqualTo(here.epoch());
    assertThat(here.upTo(Version.NONE))
        .isEqualTo(new Descent(7, Version.NONE, Lineage.NONE, Openings.NONE));
  }

  @Test
  void aChangeOfAnOpeningIsPartOfTheStoresThatHaveThisOpening() {
    NewLineage.open(origin, NOW, random);
    replicate(((FeedRead.Changes) origin.read(Version.NONE, 10)).changes());
    Openings.Opening lost = NewLineage.open(replica, NOW, random);
    Openings.Opening here = NewLineage.open(origin, NOW, random);

    assertThat(lost.first()).isEqualTo(here.first());
    assertThat(Descent.of(origin).has(7, here.id(), here.first())).isTrue();
    assertThat(Descent.of(origin).has(7, lost.id(), lost.first())).isFalse();
    assertThat(Descent.of(origin).has(7, 0, lost.first())).as("no opening named").isTrue();
  }
}
