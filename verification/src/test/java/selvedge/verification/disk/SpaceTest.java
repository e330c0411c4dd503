package selvedge.verification.disk;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import selvedge.model.Bytes;
import selvedge.verification.process.Launch;
import selvedge.verification.process.Polling;
import selvedge.verification.process.RestClient;
import selvedge.verification.process.ServerProcess;
import selvedge.verification.process.Servers;

/** The space of a store whose values are replaced again and again. */
@Tag("soak")
final class SpaceTest {
  private static final long MIB = 1 << 20;
  private static final long FEED_BYTES = 8 * MIB;
  private static final long RESERVE_BYTES = 4 * MIB;

  /** Files of the journal, new files of tables, and freed values that are worth no merge yet. */
  private static final long FIXED_BYTES = 256 * MIB;

  private static final int ROUNDS = 8;
  private static final int SMALL = 4000;
  private static final int SMALL_BYTES = 20_000;
  private static final int LARGE = 400;
  private static final int LARGE_BYTES = 700_000;

  @RegisterExtension final Servers servers = new Servers();
  @TempDir Path directory;

  private final SplittableRandom random = new SplittableRandom(1);

  @Test
  void replacedValuesTakeAtMostHalfOfTheSpaceOfTheLiveOnes() throws Exception {
    Path data = directory.resolve("data");
    ServerProcess server =
        servers.start(
            Launch.on(data)
                .limit("feed-bytes", FEED_BYTES)
                .limit("disk-reserve-bytes", RESERVE_BYTES)
                .limit("replaced-seconds-min", 1));
    long live = (long) SMALL * SMALL_BYTES + (long) LARGE * LARGE_BYTES;
    long most = live * 3 / 2 + FEED_BYTES + RESERVE_BYTES + FIXED_BYTES;
    try (RestClient client = server.client()) {
      String namespace = client.createNamespace("replaced");
      for (int round = 0; round < ROUNDS; round++) {
        put(client, namespace, "small", SMALL, SMALL_BYTES);
        put(client, namespace, "large", LARGE, LARGE_BYTES);
        System.out.printf("round %d: %d MiB of %d%n", round, size(data) / MIB, most / MIB);
      }
      Polling.await("the space of replaced values is free", () -> size(data) <= most);
      System.out.printf("at the end: %d MiB of %d%n", size(data) / MIB, most / MIB);
    }
  }

  /** Puts about two thirds of the keys, chosen at random. */
  private void put(RestClient client, String namespace, String name, int count, int bytes) {
    for (int i = random.nextInt(2); i < count; i += 1 + random.nextInt(2)) {
      byte[] value = new byte[bytes];
      random.nextBytes(value);
      client.put(namespace, name + i, Bytes.adopt(value)).ok();
    }
  }

  private static long size(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).mapToLong(SpaceTest::length).sum();
    }
  }

  private static long length(Path file) {
    try {
      return Files.size(file);
    } catch (NoSuchFileException e) {
      return 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
