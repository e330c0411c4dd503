package selvedge.verification.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import selvedge.model.Bytes;
import selvedge.verification.process.Launch;
import selvedge.verification.process.Relay;
import selvedge.verification.process.Servers;

/**
 * An edge whose whole heap has 64 MB, with caches of nearly nothing, follows an origin with far
 * more data. A process without memory exits, so it would never catch up.
 */
@Tag("soak")
final class FollowerMemoryTest {
  private static final int LINE_BYTES = 1_000_000;
  private static final int SMALL_BYTES = 60_000;
  private static final int SMALL_VALUES = 2_000;
  private static final int LARGE_BYTES = 12_000_000;
  private static final int LARGE_VALUES = 3;

  @RegisterExtension final Servers servers = new Servers();
  @TempDir Path folder;

  private final Random random = new Random(1);

  @Test
  void aFollowerNeedsLittleMemoryHoweverMuchArrivesAndHoweverOftenTheLineBreaks() throws Exception {
    try (Region origin = Region.of(servers.start(Launch.on(folder.resolve("origin"))));
        Relay relay = Relay.to(origin.server().address(), Duration.ZERO);
        Region edge = Region.of(servers.start(edge(relay)))) {
      edge.complete();
      String namespace = origin.client().createNamespace("n");

      relay.cut();
      put(origin, namespace, "small", SMALL_VALUES, SMALL_BYTES);
      relay.restore();
      edge.catchUpWith(origin);

      relay.cut();
      put(origin, namespace, "large", LARGE_VALUES, LARGE_BYTES);
      relay.breakAfter(LINE_BYTES);
      relay.restore();
      edge.catchUpWith(origin);

      assertThat(edge.digest()).isEqualTo(origin.digest());
    }
  }

  private void put(Region origin, String namespace, String name, int count, int size) {
    for (int i = 0; i < count; i++) {
      byte[] value = new byte[size];
      random.nextBytes(value);
      origin.client().put(namespace, name + i, Bytes.adopt(value)).ok();
    }
  }

  private Launch edge(Relay relay) {
    return Launch.on(folder.resolve("fra"))
        .jvm(
            "-Xmx64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:+ExitOnOutOfMemoryError")
        .follow(relay.uri(), "fra")
        .limit("hot-bytes", 1 << 20)
        .limit("hot-pages-bytes", 1 << 20);
  }
}
