package selvedge.verification.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import selvedge.model.Bytes;
import selvedge.model.Key;
import selvedge.model.Namespace;
import selvedge.model.NamespaceId;
import selvedge.model.Namespaces;
import selvedge.model.OverloadedException;
import selvedge.model.ReadOptions;
import selvedge.model.Version;
import selvedge.model.Watch;
import selvedge.model.testing.MemoryEdge;
import selvedge.model.testing.MemoryNamespaces;

/** The contract of an in-memory edge without lag, and the behaviour of one with lag. */
final class MemoryEdgeTest extends NamespacesContract {
  private final MemoryNamespaces origin = new MemoryNamespaces(clock, limits);
  private final MemoryEdge edge = origin.edge();

  @Override
  Namespaces namespaces() {
    return edge;
  }

  private NamespaceId late(Duration lag) {
    edge.setLag(lag);
    return origin.create(ACCOUNT, "late").id();
  }

  @Test
  void changesAreVisibleAfterTheLag() {
    NamespaceId id = late(Duration.ofSeconds(10));
    Namespace there = origin.open(id);
    Namespace here = edge.open(id);
    there.put("k", "v");

    assertThat(here.getText("k")).isEmpty();
    clock.advance(Duration.ofSeconds(9));
    assertThat(here.getText("k")).isEmpty();
    clock.advance(Duration.ofSeconds(1));
    assertThat(here.getText("k")).contains("v");
    assertThat(here.getAged(Key.of("k"), ReadOptions.PLAIN).age()).contains(Duration.ofSeconds(10));
  }

  @Test
  void ownWritesAreVisibleAtOnceWithAllEarlierChanges() {
    NamespaceId id = late(Duration.ofSeconds(10));
    origin.open(id).put("before", "v");
    Namespace here = edge.open(id);

    here.put("own", "v");

    assertThat(here.getText("own")).contains("v");
    assertThat(here.getText("before")).contains("v");
  }

  @Test
  void aReadWithAFreshnessBoundIsAnsweredByTheOrigin() {
    NamespaceId id = late(Duration.ofSeconds(10));
    Namespace here = edge.open(id);
    Version version = origin.open(id).put("k", "v").version();

    assertThat(here.get(Key.of("k"), ReadOptions.PLAIN.atLeast(version)).asOf()).isEqualTo(version);
    assertThat(here.get(Key.of("k"), ReadOptions.PLAIN.maxAge(Duration.ofSeconds(9))).asOf())
        .isEqualTo(version);
    assertThat(here.get(Key.of("k"), ReadOptions.PLAIN.maxAge(Duration.ofSeconds(10))).asOf())
        .isEqualTo(Version.NONE);
  }

  @Test
  void withoutItsOriginAnEdgeAnswersReadsWithGrowingAge() {
    NamespaceId id = late(Duration.ofSeconds(1));
    Namespace here = edge.open(id);
    here.put("k", "v");
    edge.cut();
    clock.advance(Duration.ofSeconds(5));

    assertThat(here.getText("k")).contains("v");
    assertThat(here.getAged(Key.of("k"), ReadOptions.PLAIN).age()).contains(Duration.ofSeconds(6));
    assertThatThrownBy(() -> here.put("k", "w")).isInstanceOf(OverloadedException.class);
    assertThatThrownBy(() -> here.get(Key.of("k"), ReadOptions.STRONG))
        .isInstanceOf(OverloadedException.class);
    origin.open(id).put("k", "meanwhile");
    edge.mend();
    clock.advance(Duration.ofSeconds(1));
    assertThat(here.getText("k")).contains("meanwhile");
  }

  @Test
  void aWatchReturnsChangesWhenTheyAreVisible() {
    NamespaceId id = late(Duration.ofSeconds(10));
    Namespace here = edge.open(id);
    try (Watch watch = here.watch(Bytes.EMPTY, Version.NONE)) {
      Version version = origin.open(id).put("k", "v").version();
      assertThat(watch.next(Duration.ZERO)).isEmpty();
      clock.advance(Duration.ofSeconds(10));
      assertThat(watch.next(Duration.ZERO).map(change -> change.version()))
          .isEqualTo(Optional.of(version));
    }
  }
}
