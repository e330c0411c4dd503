package selvedge.verification.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import selvedge.model.Limit;
import selvedge.model.Profile;
import selvedge.verification.process.Launch;
import selvedge.verification.process.Reply;
import selvedge.verification.process.RestClient;
import selvedge.verification.process.ServerProcess;
import selvedge.verification.process.Servers;

/** Concurrent values and requests of the maximum size with a small heap. */
final class LargeValueTest {
  private static final int CLIENTS = Integer.getInteger("large.clients", 64);
  private static final long VALUE_BYTES = Limit.VALUE_BYTES.in(Profile.OPEN);
  private static final int PAIRS = (int) Limit.BULK_PAIRS.in(Profile.OPEN);

  @RegisterExtension final Servers servers = new Servers();
  @TempDir Path data;

  /** Pseudo-random bytes from a seed, generated while they are read. Belongs to one thread. */
  private static final class Seeded extends InputStream {
    private final SplittableRandom random;
    private final byte[] piece = new byte[16 * 1024];
    private int position = piece.length;
    private long left = VALUE_BYTES;

    Seeded(long seed) {
      random = new SplittableRandom(seed);
    }

    @Override
    public int read() {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
      if (left == 0) {
        return -1;
      }
      if (position == piece.length) {
        random.nextBytes(piece);
        position = 0;
      }
      int count = (int) Math.min(Math.min(length, piece.length - position), left);
      System.arraycopy(piece, position, target, offset, count);
      position += count;
      left -= count;
      return count;
    }
  }

  private Launch smallHeap() {
    return Launch.on(data).jvm("-Xmx256m", "-XX:+ExitOnOutOfMemoryError");
  }

  @Test
  void servesLargestValuesToConcurrentClients() throws Exception {
    ServerProcess server = servers.start(smallHeap());
    try (RestClient client = server.client()) {
      String namespace = client.createNamespace("large");

      atATime(number -> client.put(namespace, "value " + number, () -> new Seeded(number)).ok());
      atATime(number -> assertSame(client.open(namespace, "value " + number), number));
    }
    assertHealthy(server);
  }

  private interface Work {
    void run(int number) throws IOException;
  }

  private static void atATime(Work work) throws Exception {
    List<Future<?>> all = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < CLIENTS; i++) {
        int number = i;
        all.add(
            threads.submit(
                () -> {
                  work.run(number);
                  return number;
                }));
      }
      for (Future<?> each : all) {
        each.get();
      }
    }
  }

  private static void assertSame(HttpResponse<InputStream> response, long seed) throws IOException {
    assertThat(response.statusCode()).isEqualTo(200);
    try (InputStream actual = response.body();
        Seeded expected = new Seeded(seed)) {
      byte[] actualPiece = new byte[64 * 1024];
      byte[] expectedPiece = new byte[actualPiece.length];
      long count = 0;
      while (true) {
        int n = actual.readNBytes(actualPiece, 0, actualPiece.length);
        int m = expected.readNBytes(expectedPiece, 0, expectedPiece.length);
        assertThat(Arrays.equals(actualPiece, 0, n, expectedPiece, 0, m))
            .as("the value of seed %d from byte %d", seed, count)
            .isTrue();
        if (n == 0) {
          return;
        }
        count += n;
      }
    }
  }

  @Test
  void acceptsTheMaximumOfPairsInOneBulkPut() {
    ServerProcess server = servers.start(smallHeap());
    try (RestClient client = server.client()) {
      String namespace = client.createNamespace("bulk");
      List<Stamp> pairs =
          IntStream.range(0, PAIRS).mapToObj(i -> new Stamp("pair " + i, i, 1_000)).toList();

      Reply reply = client.bulkPut(namespace, Pairs.json(pairs)).ok();

      assertThat(reply.json().path("result").path("successful_key_count").asInt()).isEqualTo(PAIRS);
      for (int i = 0; i < PAIRS; i += 1_111) {
        Stamp found = Stamp.read("pair " + i, client.get(namespace, "pair " + i).ok().body());
        assertThat(found).isEqualTo(pairs.get(i));
      }
    }
    assertHealthy(server);
  }

  private static void assertHealthy(ServerProcess server) {
    assertThat(server.isAlive()).isTrue();
    assertThat(server.terminate()).isZero();
    assertThat(server.log()).doesNotContain("OutOfMemory").doesNotContain("ERROR");
  }
}
