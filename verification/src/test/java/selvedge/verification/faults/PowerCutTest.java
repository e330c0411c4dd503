package selvedge.verification.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import selvedge.engine.files.SyncedFiles;
import selvedge.model.Bytes;
import selvedge.verification.disk.RecordedDisk;
import selvedge.verification.process.Launch;
import selvedge.verification.process.PreloadedMachine;
import selvedge.verification.process.Reply;
import selvedge.verification.process.RestClient;
import selvedge.verification.process.Seed;
import selvedge.verification.process.ServerProcess;
import selvedge.verification.process.Servers;

/**
 * Cuts the power of a server process with its real RocksDB: what its disk had not synced is lost,
 * whole, in part or not at all. Some disks fail or are full meanwhile.
 *
 * <p>The process is killed once in each cycle. Its record gives the disk at that moment and at
 * moments before it, so that one run shows several power cuts. {@code -Dcuts=} sets the number of
 * cycles.
 */
@Tag("soak")
final class PowerCutTest {
  private static final int CYCLES = Integer.getInteger("cuts", 3);
  private static final int CUTS = 3;
  private static final int WRITERS = 6;
  private static final int KEYS = 4;
  private static final int SMALL_MAX = 2_000;
  private static final int LARGE_MAX = 400_000;

  @RegisterExtension final Servers servers = new Servers();
  @RegisterExtension final Seed seed = new Seed();
  @TempDir Path folder;

  private final List<Tries> tries = new ArrayList<>();
  private String namespace = "";

  /**
   * A write of a key.
   *
   * @param recorded the size of the record when the server answered; {@link #UNKNOWN} if it did not
   *     accept the write
   */
  private record Try(Stamp stamp, long recorded) {
    static final long UNKNOWN = Long.MAX_VALUE;
  }

  /** The writes of a key in their order, made by one thread. */
  private static final class Tries {
    private final String name;
    private final List<Try> all = new ArrayList<>();
    private long sequence;

    Tries(String name) {
      this.name = name;
      all.add(new Try(Stamp.ABSENT, 0));
    }

    /** Returns the next value, or that there is to be none. */
    Stamp next(SplittableRandom random) {
      return switch (random.nextInt(10)) {
        case 0 -> Stamp.ABSENT;
        case 1, 2 -> new Stamp(name, ++sequence, random.nextInt(LARGE_MAX));
        default -> new Stamp(name, ++sequence, random.nextInt(SMALL_MAX));
      };
    }

    /** Requires the newest value that was acknowledged by then, or a newer one. */
    void require(Stamp found, long recorded) {
      int newest = 0;
      for (int i = 0; i < all.size(); i++) {
        newest = all.get(i).recorded() <= recorded ? i : newest;
      }
      assertThat(all.subList(newest, all.size()))
          .as("%s after a power cut at %d", name, recorded)
          .extracting(Try::stamp)
          .contains(found);
    }

    /** The restarted server has this value. */
    void begin(Stamp found) {
      all.clear();
      all.add(new Try(found, 0));
    }
  }

  @Test
  void keepsAcknowledgedWritesWhenThePowerIsCut() throws Exception {
    SplittableRandom random = seed.random(0);
    for (int i = 0; i < WRITERS * KEYS; i++) {
      tries.add(new Tries("k" + i));
    }
    Path disk = Files.createDirectories(folder.resolve("disk"));

    for (int cycle = 0; cycle < CYCLES; cycle++) {
      RecordedDisk before = RecordedDisk.of(disk);
      var machine = PreloadedMachine.in(folder.resolve("machine"), disk);
      long first = writeUntilKilled(disk, machine, random);
      long end = machine.recorded();
      for (int cut = 1; cut < CUTS; cut++) {
        long moment = random.nextLong(first, end + 1);
        cut(before.copy(), disk, moment, random);
        require(disk, moment);
      }
      cut(before, disk, end, random);
      require(disk, end).forEach(Tries::begin);
    }
  }

  /** Returns the size of the record from which on the namespace is there. */
  private long writeUntilKilled(Path disk, PreloadedMachine machine, SplittableRandom random)
      throws Exception {
    Launch launch = launch(disk).on(machine);
    var killed = new AtomicBoolean();
    try (ServerProcess server = servers.start(launch);
        RestClient client = server.client();
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      if (namespace.isEmpty()) {
        namespace = client.createNamespace("cut");
      }
      long first = machine.recorded();
      List<Future<?>> runs = new ArrayList<>();
      for (int i = 0; i < WRITERS; i++) {
        List<Tries> own = tries.subList(i * KEYS, (i + 1) * KEYS);
        SplittableRandom choices = random.split();
        runs.add(threads.submit(() -> write(client, machine, own, choices, killed)));
      }
      park(random.nextInt(300, 2000));
      trouble(machine, random);
      park(random.nextInt(100, 1000));
      killed.set(true);
      server.kill();
      for (Future<?> run : runs) {
        run.get();
      }
      return first;
    }
  }

  private static void park(int millis) {
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
  }

  private static void trouble(PreloadedMachine machine, SplittableRandom random) {
    switch (random.nextInt(3)) {
      case 0 -> machine.fail(random.nextInt(1, 4));
      case 1 -> {
        machine.fill(true);
        park(random.nextInt(10, 300));
        machine.fill(false);
      }
      default -> {}
    }
  }

  private void write(
      RestClient client,
      PreloadedMachine machine,
      List<Tries> own,
      SplittableRandom random,
      AtomicBoolean killed) {
    while (!killed.get()) {
      Tries key = own.get(random.nextInt(own.size()));
      Stamp stamp = key.next(random);
      boolean accepted = false;
      try {
        Reply reply =
            stamp.equals(Stamp.ABSENT)
                ? client.delete(namespace, key.name)
                : client.put(namespace, key.name, stamp.value());
        accepted = reply.isOk();
      } catch (UncheckedIOException _) {
        // The server was killed before it answered.
      }
      key.all.add(new Try(stamp, accepted ? machine.recorded() : Try.UNKNOWN));
    }
  }

  private static Launch launch(Path disk) {
    return Launch.on(disk.resolve("data")).limit("sweep-seconds", 1);
  }

  /** Makes the disk what it is after a power cut. */
  private void cut(RecordedDisk before, Path disk, long moment, SplittableRandom random)
      throws IOException {
    before.replay(folder.resolve("machine").resolve("record"), moment);
    before.cutPower(new Random(random.nextLong()));
    SyncedFiles.deleteAll(disk);
    before.writeTo(disk);
  }

  /** Requires what was acknowledged, and a server that accepts writes; returns what it has. */
  private Map<Tries, Stamp> require(Path disk, long recorded) {
    Map<Tries, Stamp> found = new LinkedHashMap<>();
    try (ServerProcess server = servers.start(launch(disk));
        RestClient client = server.client()) {
      for (Tries key : tries) {
        Reply reply = client.get(namespace, key.name);
        Stamp stamp =
            reply.status() == 404 ? Stamp.ABSENT : Stamp.read(key.name, reply.ok().body());
        key.require(stamp, recorded);
        found.put(key, stamp);
      }
      client.put(namespace, "after the cut", Bytes.utf8("v")).ok();
    }
    return found;
  }
}
