package selvedge.benchmarks.race;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import selvedge.engine.Engine;
import selvedge.engine.EngineOptions;
import selvedge.engine.origin.Meter;
import selvedge.engine.origin.Origin;
import selvedge.engine.store.rocks.RocksStore;
import selvedge.engine.store.rocks.StoreDirectory;
import selvedge.model.AccountId;
import selvedge.model.Bytes;
import selvedge.model.Expiry;
import selvedge.model.Key;
import selvedge.model.Limit;
import selvedge.model.Limits;
import selvedge.model.Metadata;
import selvedge.model.Mutation;
import selvedge.model.Namespace;
import selvedge.model.NamespaceId;
import selvedge.model.Profile;

/**
 * A store with many keys, filled at its first use. Belongs to one thread.
 *
 * <p>Keys are numbers of ten digits, from 0, each with metadata. A value is 1 KiB: half random
 * characters, which cannot be compressed, and half the same text in all values, which can.
 *
 * <p>The store itself is not used. Each contestant gets a directory with hard links to the
 * immutable tables of RocksDB. This costs no space and no time, and contestants do not share a lock
 * or see each other's puts.
 */
final class ManyKeys {
  static final int BYTES = 1024;
  private static final int CHUNK = 5_000;
  private static final long FEED_BYTES = 64 << 20;
  private static final char[] LETTERS =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_".toCharArray();

  private final Path data;
  private final long keys;
  private final PrintWriter out;
  private Optional<NamespaceId> namespace = Optional.empty();

  /**
   * @param folder an empty folder
   * @param out receives the progress
   */
  ManyKeys(Path folder, long keys, PrintWriter out) {
    this.data = folder.resolve("filled-" + keys);
    this.keys = keys;
    this.out = out;
  }

  long keys() {
    return keys;
  }

  /** Returns the total bytes of keys and values. */
  long bytes() {
    return keys * (name(0).length() + BYTES);
  }

  /** Returns the size of the caches, at least the minimum of RocksDB. */
  long tenth() {
    return Math.max(Limits.of(Profile.OPEN).get(Limit.BLOCK_CACHE_BYTES), bytes() / 10);
  }

  static String name(long key) {
    return String.format("%010d", key);
  }

  static String value(long key) {
    char[] letters = new char[BYTES];
    SplittableRandom random = new SplittableRandom(key);
    for (int i = 0; i < BYTES / 2; i++) {
      letters[i] = LETTERS[random.nextInt(LETTERS.length)];
    }
    Arrays.fill(letters, BYTES / 2, BYTES, 'x');
    return new String(letters);
  }

  /** Returns the namespace with the keys. */
  NamespaceId namespace() throws IOException, InterruptedException {
    if (namespace.isEmpty()) {
      namespace = Optional.of(fill());
    }
    return namespace.get();
  }

  private NamespaceId fill() throws IOException, InterruptedException {
    long start = System.nanoTime();
    NamespaceId id;
    Limits limits = Limits.of(Profile.OPEN).with(Limit.FEED_BYTES, FEED_BYTES);
    var options =
        new EngineOptions(
            data,
            limits,
            InstantSource.system(),
            System::nanoTime,
            new SecureRandom(),
            (thread, failure) -> out.println("thread " + thread + " has failed: " + failure));
    try (Engine<Origin> engine = Engine.origin(options, Meter.NONE)) {
      id = engine.role().create(new AccountId(SelvedgeServer.ACCOUNT), "many").id();
      Namespace many = engine.role().open(id);
      for (long from = 0; from < keys; from += CHUNK) {
        many.write(chunk(from));
        if (from / CHUNK % 20 == 0) {
          out.printf("\r    filling: %,d of %,d keys ", from, keys);
          out.flush();
        }
      }
    }
    settle(limits);
    out.printf(
        "\r    filled: %,d keys, %,d MB on disk, in %d s%20s%n",
        keys, bytesOnDisk() >> 20, TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start), "");
    return id;
  }

  private List<Mutation> chunk(long from) {
    List<Mutation> puts = new ArrayList<>();
    for (long key = from; key < Math.min(keys, from + CHUNK); key++) {
      String name = name(key);
      puts.add(
          new Mutation.Put(
              Key.of(name),
              Bytes.adopt(value(key).getBytes(StandardCharsets.US_ASCII)),
              Metadata.json("{\"n\":\"" + name + "\"}"),
              Expiry.NEVER));
    }
    return puts;
  }

  /** Waits for the compactions of RocksDB, which each contestant would repeat otherwise. */
  private void settle(Limits limits) throws InterruptedException {
    try (RocksStore store =
        RocksStore.open(
            new StoreDirectory(data).store(), limits, InstantSource.system(), new SecureRandom())) {
      for (int quiet = 0; quiet < 5; quiet++) {
        TimeUnit.MILLISECONDS.sleep(100);
        var properties = store.properties();
        long work =
            properties.getOrDefault("compaction_pending", 0L)
                + properties.getOrDefault("num_running_compactions", 0L);
        if (work > 0) {
          quiet = 0;
        }
      }
    }
  }

  long bytesOnDisk() throws IOException {
    try (Stream<Path> files = Files.walk(data)) {
      long bytes = 0;
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        bytes += Files.size(file);
      }
      return bytes;
    }
  }

  /** Reads the tables into the page cache of the kernel, which all links share. */
  void read() throws IOException {
    try (Stream<Path> files = Files.walk(data)) {
      for (Path file : files.filter(ManyKeys::isTable).toList()) {
        Files.copy(file, OutputStream.nullOutputStream());
      }
    }
  }

  private static boolean isTable(Path file) {
    return file.toString().endsWith(".sst");
  }

  /** Links the store into the folder of a contestant. */
  void linkTo(Path folder) throws IOException, InterruptedException {
    namespace();
    Files.walkFileTree(
        data,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path from, BasicFileAttributes attributes)
              throws IOException {
            Files.createDirectories(folder.resolve(data.relativize(from)));
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Path to = folder.resolve(data.relativize(file));
            if (isTable(file)) {
              Files.createLink(to, file);
            } else {
              Files.copy(file, to);
            }
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
