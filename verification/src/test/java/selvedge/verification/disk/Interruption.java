package selvedge.verification.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import selvedge.engine.store.rocks.RocksStore;
import selvedge.model.Bytes;
import selvedge.model.Change;
import selvedge.model.Expiry;
import selvedge.model.Key;
import selvedge.model.Limit;
import selvedge.model.Limits;
import selvedge.model.Lookup;
import selvedge.model.Metadata;
import selvedge.model.Mutation;
import selvedge.model.NamespaceId;
import selvedge.model.Profile;

/**
 * Interrupts an operation on a data directory at each change of a file: before the change or after
 * it. A kill keeps all changes, and a power cut loses some that were not synced.
 */
final class Interruption {
  static final NamespaceId NAMESPACE = new NamespaceId("77".repeat(16));
  private static final int KEYS = 60;

  static final Limits LIMITS =
      Limits.of(Profile.OPEN)
          .with(Limit.INLINE_BYTES, 64)
          .with(Limit.CHUNK_BYTES, 4096)
          .with(Limit.DISK_RESERVE_BYTES, 0);
  static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-01-01T00:00:00Z"));

  private Interruption() {}

  interface Work {
    void on(Path root) throws IOException;
  }

  private static SimulatedFileSystem mount(SimulatedDisk disk) {
    return disk.mount((_, _) -> () -> {});
  }

  static Path mounted(SimulatedDisk disk) {
    return mount(disk).getPath("/");
  }

  static SimulatedDisk copy(SimulatedDisk disk, long seed) {
    var copy = new SimulatedDisk(new Random(seed * 0x9e3779b97f4a7c15L));
    copy.restore(disk);
    return copy;
  }

  /** Returns the number of changes that the operation makes. */
  static int interruptAtEachChange(SimulatedDisk start, Work operation, Work check)
      throws IOException {
    for (int changes = 1; ; changes++) {
      for (boolean power : new boolean[] {false, true}) {
        SimulatedDisk disk = copy(start, 2L * changes + (power ? 1 : 0));
        SimulatedFileSystem process = mount(disk);
        disk.burn(changes);
        try {
          operation.on(process.getPath("/"));
        } catch (PowerCut _) {
          assertThat(process.isDead()).isTrue();
        }
        if (!process.isDead()) {
          return changes - 1;
        }
        if (power) {
          disk.cutPower();
        }
        try {
          check.on(mounted(disk));
        } catch (AssertionError | RuntimeException e) {
          throw new AssertionError((power ? "power cut" : "kill") + " at change " + changes, e);
        }
      }
    }
  }

  static void commit(RocksStore store, String key, int bytes) {
    byte[] value = new byte[bytes];
    Arrays.fill(value, (byte) key.charAt(key.length() - 1));
    var put = new Mutation.Put(Key.of(key), Bytes.adopt(value), Metadata.NONE, Expiry.NEVER);
    store.commit(List.of(new Change(store.latest().next(), CLOCK.instant(), NAMESPACE, put)));
  }

  /** Returns a line for each entry of the namespace. */
  static List<String> content(RocksStore store) {
    List<String> content = new ArrayList<>();
    for (int i = 0; i <= KEYS; i++) {
      String key = "key" + i;
      if (store.get(NAMESPACE, Key.of(key)) instanceof Lookup.Found found) {
        byte[] value = found.entry().value().bytes().toArray();
        content.add(key + " " + found.entry().version() + " " + HexFormat.of().formatHex(value));
      }
    }
    return content;
  }
}
