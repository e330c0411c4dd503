package selvedge.patterns;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import selvedge.model.Bytes;
import selvedge.model.Metadata;
import selvedge.model.ReadOptions;
import selvedge.model.Version;
import selvedge.model.WriteOptions;
import selvedge.patterns.Regional.Written;

final class RegionalTest {
  private final Fixture at = new Fixture();
  private final Regional home = new Regional(at.namespace, "home", at.clock);
  private final Regional fra = new Regional(at.late, "fra");

  @Test
  void aReadReturnsRegionAndAge() {
    at.edge.setLag(Duration.ofSeconds(5));
    Version version = home.put("k", Bytes.utf8("v")).version();
    assertThat(fra.get("k", ReadOptions.PLAIN)).isEmpty();
    at.clock.advance(Duration.ofSeconds(5));
    Written read = fra.get("k", ReadOptions.PLAIN).orElseThrow();
    assertThat(read.region()).isEqualTo("home");
    assertThat(read.version()).isEqualTo(version);
    assertThat(read.age()).contains(Duration.ofSeconds(5));
  }

  @Test
  void waitsUntilAChangeIsVisibleElsewhere() throws Exception {
    at.edge.setLag(Duration.ofSeconds(5));
    Version version = home.put("k", Bytes.utf8("v")).version();
    assertThat(Regional.waitUntilVisible(at.late, version, Duration.ofMillis(30))).isFalse();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Boolean> visible =
          threads.submit(() -> Regional.waitUntilVisible(at.late, version, Duration.ofSeconds(30)));
      at.clock.advance(Duration.ofSeconds(5));
      assertThat(visible.get()).isTrue();
    }
    assertThat(fra.get("k", ReadOptions.PLAIN)).isPresent();
  }

  @Test
  void theLaterOfTwoWritesHasTheGreaterVersion() {
    fra.put("a", Bytes.utf8("first"));
    home.put("b", Bytes.utf8("second"));
    Written first = home.get("a", ReadOptions.PLAIN).orElseThrow();
    Written second = home.get("b", ReadOptions.PLAIN).orElseThrow();
    assertThat(Regional.later(first, second)).isEqualTo(second);
    assertThat(Regional.later(second, first)).isEqualTo(second);
  }

  @Test
  void aValueHasATimeAndTheMetadataOfItsWriter() {
    Metadata own = Metadata.json("{\"by\":\"alice\",\"n\":1.50,\"none\":null,\"list\":[true]}");
    WriteOptions options = WriteOptions.PLAIN.metadata(own).ifAbsent();
    assertThat(home.put("k", Bytes.utf8("v"), options).isAccepted()).isTrue();
    assertThat(home.put("k", Bytes.utf8("w"), options).isAccepted()).isFalse();
    Written read = home.get("k", ReadOptions.PLAIN).orElseThrow();
    assertThat(read.stamp()).isEqualTo(new Regional.Stamp("home", at.clock.instant(), own));
    home.put("k", Bytes.utf8("v"));
    assertThat(home.get("k", ReadOptions.PLAIN).orElseThrow().stamp().metadata())
        .isEqualTo(Metadata.NONE);
  }

  @Test
  void aReadWithoutWaitingMissesAWriteElsewhere() {
    at.edge.setLag(Duration.ofSeconds(5));
    home.put("k", Bytes.utf8("v"));
    assertThat(at.late.getText("k")).isEmpty();
  }
}
