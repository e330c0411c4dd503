package selvedge.engine.replication;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import selvedge.engine.feed.FeedRead;
import selvedge.engine.store.MemoryStore;
import selvedge.model.Change;
import selvedge.model.Key;
import selvedge.model.Mutation;
import selvedge.model.NamespaceId;
import selvedge.model.Version;

final class RelationTest {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  private static final NamespaceId NAMESPACE = new NamespaceId("1".repeat(32));

  private final Random random = new Random(1);
  private final MemoryStore origin = new MemoryStore(7);
  private final MemoryStore replica = new MemoryStore(7);

  private static void change(MemoryStore store) {
    Mutation deletion = new Mutation.Delete(Key.of("k"));
    store.commit(List.of(new Change(store.latest().next(), NOW, NAMESPACE, deletion)));
  }

  private void open(int count) {
    for (int i = 0; i < count; i++) {
      NewLineage.open(origin, NOW, random);
    }
  }

  private void openAndReplicate() {
    open(1);
    replica.commit(((FeedRead.Changes) origin.read(Version.NONE, 10)).changes());
  }

  private Relation toOrigin() {
    return Relation.of(Descent.of(replica), Descent.of(origin));
  }

  private Relation toReplica() {
    return Relation.of(Descent.of(origin), Descent.of(replica));
  }

  @Test
  void aStoreIsContainedWhileTheOtherOneKeepsItsOpening() {
    openAndReplicate();
    open(Openings.KEPT - 1);

    assertThat(toOrigin()).isEqualTo(new Relation.Contained());
  }

  @Test
  void aForkThatIsOlderThanAllKeptOpeningsIsNotContained() {
    openAndReplicate();
    change(replica);
    open(Openings.KEPT + 1);

    assertThat(toOrigin()).isEqualTo(new Relation.Forked(Version.NONE));
  }

  @Test
  void aStoreWhoseOpeningsTheOtherOneNoLongerKeepsIsTreatedAsAFork() {
    openAndReplicate();
    open(Openings.KEPT);

    assertThat(toOrigin()).isEqualTo(new Relation.Forked(Version.NONE));
  }

  @Test
  void aServerThatIsOlderThanAllKeptOpeningsIsBehindAndNothingOfItIsKnownToBeHere() {
    openAndReplicate();
    open(Openings.KEPT);

    assertThat(toReplica()).isEqualTo(new Relation.Behind(replica.latest()));
    assertThat(Relation.agreed(Descent.of(origin), Descent.of(replica))).isEqualTo(Version.NONE);
  }

  @Test
  void storesWithoutACommonOpeningAgreeUpToTheirFirstOnes() {
    change(origin);
    change(replica);
    change(origin);
    NewLineage.open(replica, NOW, random);
    open(1);

    assertThat(toOrigin()).isEqualTo(new Relation.Forked(new Version(1)));
    assertThat(Relation.agreed(Descent.of(origin), Descent.of(replica))).isEqualTo(new Version(1));
  }

  @Test
  void storesWithoutACommonOpeningAgreeAtMostUpToTheEndOfTheirCommonEpoch() {
    var past = new Lineage(List.of(new Lineage.Ancestor(7, new Version(5))));
    Openings opened =
        Openings.NONE.with(new Openings.Opening(1, 8, new Version(90), new Version(91)));
    Openings openedElsewhere =
        Openings.NONE.with(new Openings.Opening(2, 7, new Version(80), new Version(81)));
    var promoted = new Descent(8, new Version(91), past, opened);
    var left = new Descent(7, new Version(81), Lineage.NONE, openedElsewhere);

    assertThat(Relation.agreed(left, promoted)).isEqualTo(new Version(5));
    assertThat(Relation.agreed(promoted, left)).isEqualTo(new Version(5));
  }
}
