package selvedge.verification.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import selvedge.model.Limit;
import selvedge.model.Profile;
import selvedge.verification.process.Launch;
import selvedge.verification.process.Polling;
import selvedge.verification.process.Reply;
import selvedge.verification.process.RestClient;
import selvedge.verification.process.ServerProcess;
import selvedge.verification.process.Servers;

/** The server process on a disk that fills up and later has space again. */
final class DiskFullTest {
  private static final int DISK_MEBIBYTES = 96;
  private static final int RESERVE_MEBIBYTES =
      (int) (Limit.DISK_RESERVE_BYTES.in(Profile.OPEN) >> 20);
  private static final int EXT4_MEBIBYTES = 128;
  private static final int EXT4_RESERVE_MEBIBYTES = 32;
  private static final int FILLED_MEBIBYTES = 256;

  /** More than a server frees: half of it is its reserve file, and its logs take some more. */
  private static final int FILLED_RESERVE_MEBIBYTES = 96;

  private static final Duration REFUSED = Duration.ofSeconds(4);
  private static final int LARGE_BYTES = 700_000;
  private static final int SMALL_BYTES = 20_000;
  private static final int WRITES_MAX = 5_000;
  private static final Duration TIMEOUT = Duration.ofSeconds(40);
  private static final String FULL_CODE = "10001";

  @RegisterExtension final Servers servers = new Servers();
  @TempDir Path directory;

  private final Map<String, Stamp> acknowledged = new LinkedHashMap<>();
  private long sequence;

  @Test
  void refusesPutsBeforeTheDiskIsFullAndAcceptsThemWhenSpaceIsFree() throws Exception {
    try (var disk = new SmallDisk(directory.resolve("disk"), 2 * RESERVE_MEBIBYTES)) {
      Launch launch = Launch.on(disk.directory().resolve("data"));
      ServerProcess server = servers.start(launch);
      try (RestClient client = server.client()) {
        String namespace = client.createNamespace("full");
        putUntilEveryKindIsRefused(client, namespace);
        assertEverythingIsThere(client, namespace);
        deleteOne(client, namespace);

        disk.resize(3 * RESERVE_MEBIBYTES);
        putUntilAccepted(client, namespace);
        assertEverythingIsThere(client, namespace);
        restart(server, launch, namespace);
      }
    }
  }

  @Test
  void survivesADiskThatAnotherProgramHasFilled() throws Exception {
    try (var disk = new SmallDisk(directory.resolve("disk"), DISK_MEBIBYTES)) {
      Launch launch = Launch.on(disk.directory().resolve("data")).limit("disk-reserve-bytes", 0);
      ServerProcess server = servers.start(launch);
      try (RestClient client = server.client()) {
        String namespace = client.createNamespace("full");
        for (int i = 0; i < 20; i++) {
          put(client, namespace, stamp("before " + i, i % 2 == 0 ? SMALL_BYTES : LARGE_BYTES)).ok();
        }
        Path other = disk.fill(3 << 20);

        Reply refusal = putUntilRefused(client, namespace, SMALL_BYTES);
        assertFull(refusal);
        assertFull(client.put(namespace, "large", stamp("large", LARGE_BYTES).value()));
        List<Stamp> pairs = Stream.generate(() -> stamp("bulk", SMALL_BYTES)).limit(10).toList();
        assertFull(client.bulkPut(namespace, Pairs.json(pairs)));
        assertFull(client.putForm(namespace, "form", stamp("form", LARGE_BYTES).value()));
        assertEverythingIsThere(client, namespace);

        Files.delete(other);
        putUntilAccepted(client, namespace);
        deleteOne(client, namespace);
        assertEverythingIsThere(client, namespace);
        restart(server, launch, namespace);
      }
    }
  }

  /** The disk is full because of this server alone, so only deletes can make room. */
  @Test
  void deletesMakeRoomOnAFullDisk() throws Exception {
    try (var disk = SmallDisk.ext4(directory.resolve("disk"), EXT4_MEBIBYTES)) {
      Launch launch =
          Launch.on(disk.directory().resolve("data"))
              .limit("disk-reserve-bytes", EXT4_RESERVE_MEBIBYTES << 20);
      ServerProcess server = servers.start(launch);
      try (RestClient client = server.client()) {
        String namespace = client.createNamespace("kept");
        String deleted = client.createNamespace("deleted");
        fill(client, deleted, LARGE_BYTES);
        acknowledged.clear();
        Polling.await("the delete", () -> client.deleteNamespace(deleted).isOk());
        putUntilAccepted(client, namespace);
        Polling.await(
            "half of the disk is free", () -> disk.freeBytes() > (long) EXT4_MEBIBYTES << 19);

        List<String> keys = fill(client, namespace, 2 * SMALL_BYTES);
        acknowledged.clear();
        for (String key : keys) {
          Polling.await("the delete of " + key, () -> client.delete(namespace, key).isOk());
        }
        putUntilAccepted(client, namespace);
        assertEverythingIsThere(client, namespace);
        restart(server, launch, namespace);
      }
    }
  }

  /** The store gives up its reserve, or not even a delete could be written. */
  @Test
  void acceptsDeletesOnADiskThatAnotherProgramHasFilledCompletely() throws Exception {
    try (var disk = SmallDisk.ext4(directory.resolve("disk"), FILLED_MEBIBYTES)) {
      Launch launch =
          Launch.on(disk.directory().resolve("data"))
              .limit("disk-reserve-bytes", FILLED_RESERVE_MEBIBYTES << 20);
      ServerProcess server = servers.start(launch);
      try (RestClient client = server.client()) {
        String namespace = client.createNamespace("full");
        for (int i = 0; i < 20; i++) {
          put(client, namespace, stamp("key " + i, SMALL_BYTES)).ok();
        }
        Path reserve = launch.data().resolve("store/reserve");
        Polling.await("a reserve file", () -> Files.exists(reserve));
        Path other = disk.fill(0);

        Polling.await("a delete", () -> client.delete(namespace, "key 0").isOk());
        acknowledged.remove("key 0");
        assertFull(client.put(namespace, "more", stamp("more", 10).value()));

        Files.delete(other);
        putUntilAccepted(client, namespace);
        Polling.await("the reserve file again", () -> Files.exists(reserve));
        assertEverythingIsThere(client, namespace);
      }
    }
  }

  /** Puts until puts are refused however long the server frees space, and returns the keys. */
  private List<String> fill(RestClient client, String namespace, int size) {
    List<String> keys = new ArrayList<>();
    long refused = System.nanoTime();
    boolean accepted = true;
    while (accepted || System.nanoTime() - refused < REFUSED.toNanos()) {
      String key = "fill " + keys.size();
      Reply reply = put(client, namespace, stamp(key, size));
      if (reply.isOk()) {
        keys.add(key);
        accepted = true;
      } else {
        assertFull(reply);
        refused = accepted ? System.nanoTime() : refused;
        accepted = false;
        LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
      }
    }
    return keys;
  }

  private Stamp stamp(String key, int size) {
    sequence++;
    return new Stamp(key, sequence, size);
  }

  private Reply put(RestClient client, String namespace, Stamp stamp) {
    Reply reply = client.put(namespace, stamp.key(), stamp.value());
    if (reply.isOk()) {
      acknowledged.put(stamp.key(), stamp);
    }
    return reply;
  }

  private Reply putUntilRefused(RestClient client, String namespace, int size) {
    for (int i = 0; i < WRITES_MAX; i++) {
      Reply reply = put(client, namespace, stamp("key " + i, size));
      if (!reply.isOk()) {
        return reply;
      }
    }
    throw new AssertionError("the disk was never full");
  }

  /**
   * Puts until a large put, a small one and a bulk put are refused one after another. The server
   * frees space meanwhile, so that one of them may be accepted again.
   */
  private void putUntilEveryKindIsRefused(RestClient client, String namespace) {
    for (int i = 0; i < WRITES_MAX; i++) {
      Stamp bulk = stamp("bulk " + i, 100_000);
      if (isRefused(put(client, namespace, stamp("key " + i, LARGE_BYTES)))
          && isRefused(put(client, namespace, stamp("small " + i, 10)))) {
        if (isRefused(client.bulkPut(namespace, Pairs.json(List.of(bulk))))) {
          return;
        }
        acknowledged.put(bulk.key(), bulk);
      }
    }
    throw new AssertionError("the server never refused every kind of put");
  }

  private static boolean isRefused(Reply reply) {
    if (!reply.isOk()) {
      assertFull(reply);
    }
    return !reply.isOk();
  }

  /** Puts until a put is accepted: the server must detect free space without a restart. */
  private void putUntilAccepted(RestClient client, String namespace) {
    putUntilAccepted(client, namespace, "after", SMALL_BYTES);
    putUntilAccepted(client, namespace, "after, large", LARGE_BYTES);
  }

  private void putUntilAccepted(RestClient client, String namespace, String key, int size) {
    long start = System.nanoTime();
    Reply reply = put(client, namespace, stamp(key, size));
    while (!reply.isOk()) {
      assertFull(reply);
      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .as("time until writes are accepted after space is free")
          .isLessThan(TIMEOUT);
      LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
      reply = put(client, namespace, stamp(key, size));
    }
  }

  private void deleteOne(RestClient client, String namespace) {
    String key = acknowledged.keySet().iterator().next();
    client.delete(namespace, key).ok();
    acknowledged.remove(key);
    assertThat(client.get(namespace, key).status()).isEqualTo(404);
  }

  private static void assertFull(Reply reply) {
    assertThat(reply.status()).as("the response on a full disk: %s", reply).isEqualTo(507);
    assertThat(reply.body().utf8()).contains(FULL_CODE).contains("disk");
  }

  private void assertEverythingIsThere(RestClient client, String namespace) {
    acknowledged.forEach(
        (key, stamp) -> {
          Reply reply = client.get(namespace, key);
          assertThat(reply.status()).as("get of %s: %s", key, reply).isEqualTo(200);
          assertThat(Stamp.read(key, reply.body())).isEqualTo(stamp);
        });
    Reply listing = client.list(namespace, "limit=1000").ok();
    assertThat(listing.json().path("result").size()).isBetween(1, acknowledged.size());
  }

  private void restart(ServerProcess server, Launch launch, String namespace) {
    server.kill();
    try (RestClient client = servers.start(launch).client()) {
      assertEverythingIsThere(client, namespace);
    }
  }
}
