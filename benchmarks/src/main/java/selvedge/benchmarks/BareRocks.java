package selvedge.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteOptions;
import selvedge.engine.store.rocks.RocksScan;
import selvedge.engine.store.rocks.RocksWriteSet;
import selvedge.engine.store.rocks.Table;
import selvedge.engine.store.rocks.Tuning;
import selvedge.engine.store.row.EntryRow;
import selvedge.engine.store.row.IndexRow;
import selvedge.engine.store.row.KeySpace;
import selvedge.engine.store.row.Stored;
import selvedge.model.Bytes;
import selvedge.model.Expiry;
import selvedge.model.Metadata;
import selvedge.model.NamespaceId;
import selvedge.model.Version;

/**
 * The lower bound of operations on RocksDB: reads the rows of a store through JNI with a thread per
 * processor, or writes them with one thread, with the options of the engine and without further
 * work.
 */
public final class BareRocks implements AutoCloseable {
  private static final int DIGITS = 10;
  private static final long POLL_MILLIS = 10;
  private static final int TIMES_MAX = 1 << 20;
  private static final long CHANCE = 100_000_000;

  private final NamespaceId namespace;
  private final Tuning tuning;
  private final ReadOptions reads;
  private final WriteOptions synced;
  private final Map<Table, ColumnFamilyHandle> families = new EnumMap<>(Table.class);
  private final RocksDB database;

  /**
   * The result of a measurement.
   *
   * @param median the median time of one operation in microseconds
   * @param p99 the 99th percentile of the same
   */
  public record Counted(long operations, double seconds, double median, double p99) {
    @Override
    public String toString() {
      return String.format(Locale.ROOT, "%d %f %f %f", operations, seconds, median, p99);
    }

    public static Counted of(String text) {
      String[] words = text.split(" ", -1);
      return new Counted(
          Long.parseLong(words[0]),
          Double.parseDouble(words[1]),
          Double.parseDouble(words[2]),
          Double.parseDouble(words[3]));
    }
  }

  /**
   * @param store a directory that no process has open
   */
  public BareRocks(Path store, NamespaceId namespace, long cacheBytes) throws RocksDBException {
    this.namespace = namespace;
    Path place = store.resolve("db");
    this.tuning = new Tuning(Files.notExists(place), true, cacheBytes);
    this.reads = new ReadOptions();
    this.synced = new WriteOptions().setSync(true);
    List<ColumnFamilyDescriptor> descriptors = new ArrayList<>();
    for (Table table : Table.values()) {
      byte[] family = table.family().getBytes(StandardCharsets.US_ASCII);
      descriptors.add(new ColumnFamilyDescriptor(family, tuning.family(table)));
    }
    List<ColumnFamilyHandle> handles = new ArrayList<>();
    this.database = RocksDB.open(tuning.database(), place.toString(), descriptors, handles);
    Iterator<ColumnFamilyHandle> each = handles.iterator();
    for (Table table : Table.values()) {
      families.put(table, each.next());
    }
  }

  /**
   * Runs measurements on request. The arguments are the directory of a store, a namespace in it and
   * the size of the cache. Each input line has the number of a turn, the work, its time in
   * milliseconds, and the number of keys, the first key of a page or the number of puts in a write.
   * Each result is printed as a line.
   */
  public static void main(String[] arguments)
      throws IOException, RocksDBException, InterruptedException {
    var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
    NamespaceId namespace = new NamespaceId(arguments[1]);
    try (var alone =
        new BareRocks(Path.of(arguments[0]), namespace, Long.parseLong(arguments[2]))) {
      alone.settle();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String[] words = line.split(" ", -1);
        Duration time = Duration.ofMillis(Long.parseLong(words[2]));
        long number = Long.parseLong(words[3]);
        Counted counted =
            switch (words[1]) {
              case "get" -> alone.gets(number, time);
              case "list" -> alone.pages(number, time);
              case "put" -> alone.puts(Math.toIntExact(number), time);
              default ->
                  throw new IllegalArgumentException(
                      "the work must be gets, pages or puts, got " + words[1]);
            };
        System.out.println("turn " + words[0] + ": " + counted);
      }
    }
  }

  /**
   * Waits for compactions that the opening of a store may start, because they would distort the
   * reads.
   */
  private void settle() throws RocksDBException, InterruptedException {
    while (isCompacting()) {
      Thread.sleep(POLL_MILLIS);
    }
  }

  private boolean isCompacting() throws RocksDBException {
    long merges = database.getLongProperty("rocksdb.num-running-compactions");
    for (ColumnFamilyHandle family : families.values()) {
      merges += database.getLongProperty(family, "rocksdb.compaction-pending");
    }
    return merges > 0;
  }

  /** An operation that a thread repeats. */
  private interface Work {
    void once() throws RocksDBException;
  }

  /** Gets the rows of random keys of the given number of keys. */
  public Counted gets(long keys, Duration time) {
    ColumnFamilyHandle entries = family(Table.ENTRIES);
    return onAllProcessors(
        time,
        () -> {
          SplittableRandom random = new SplittableRandom();
          return () -> {
            if (database.get(entries, reads, key(random.nextLong(keys))) == null) {
              throw new IllegalStateException("an entry is missing");
            }
          };
        });
  }

  /** Reads the same page of a thousand index rows repeatedly. */
  public Counted pages(long from, Duration time) {
    byte[] first = key(from);
    byte[] last = KeySpace.endOfKeys(KeySpace.entry(namespace, Bytes.EMPTY));
    return onAllProcessors(time, () -> () -> page(first, last));
  }

  private void page(byte[] first, byte[] last) {
    int rows = 0;
    try (RocksScan scan = new RocksScan(database, family(Table.INDEX), first, last, () -> {})) {
      while (rows < 1000 && scan.next() && scan.key().length + scan.row().length > 0) {
        rows++;
      }
    }
    if (rows < 1000) {
      throw new IllegalStateException("the page has " + rows + " rows");
    }
  }

  /**
   * Writes the rows of puts of 1 KiB with random keys: the entry and the row of the index. Each
   * synced write has the given number of puts.
   */
  public Counted puts(int together, Duration time) {
    var value = new Stored.Inline(Bytes.adopt(new byte[1024]));
    var version = new Version(1);
    byte[] entry = new EntryRow(version, Expiry.NEVER, Metadata.NONE, value).encode();
    byte[] index = new IndexRow(version, Expiry.NEVER, value.length(), Metadata.NONE).encode();
    SplittableRandom random = new SplittableRandom();
    return onThreads(
        1,
        time,
        () ->
            () -> {
              try (RocksWriteSet rows = new RocksWriteSet(families)) {
                for (int i = 0; i < together; i++) {
                  byte[] key = key(random.nextLong(CHANCE));
                  rows.put(Table.ENTRIES, key, entry);
                  rows.put(Table.INDEX, key, index);
                }
                database.write(synced, rows.batch());
              }
            });
  }

  private static Counted onAllProcessors(Duration time, Supplier<Work> works) {
    return onThreads(Runtime.getRuntime().availableProcessors(), time, works);
  }

  /** Runs separate work on each thread. */
  private static Counted onThreads(int count, Duration time, Supplier<Work> works) {
    List<Worker> workers =
        Stream.generate(() -> new Worker(works.get(), time)).limit(count).toList();
    long start = System.nanoTime();
    try (ExecutorService threads = Executors.newFixedThreadPool(count)) {
      for (Future<@Nullable Void> each : threads.invokeAll(workers)) {
        each.get();
      }
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException("a thread has failed", e);
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    long operations = workers.stream().mapToLong(worker -> worker.operations).sum();
    long[] times = workers.stream().flatMapToLong(Worker::times).sorted().toArray();
    return new Counted(
        operations,
        seconds,
        times[times.length / 2] / 1e3,
        times[(int) (times.length * 99L / 100)] / 1e3);
  }

  /** Belongs to one thread, and after its end to the thread that waits for it. */
  private static final class Worker implements Callable<@Nullable Void> {
    private final Work work;
    private final Duration time;
    private final long[] times = new long[TIMES_MAX];
    private int operations;

    Worker(Work work, Duration time) {
      this.work = work;
      this.time = time;
    }

    @Override
    public @Nullable Void call() throws RocksDBException {
      long start = System.nanoTime();
      for (long now = start; now - start < time.toNanos(); operations++) {
        work.once();
        long then = System.nanoTime();
        times[operations % TIMES_MAX] = then - now;
        now = then;
      }
      return null;
    }

    LongStream times() {
      return LongStream.of(times).limit(operations);
    }
  }

  private byte[] key(long number) {
    byte[] row = new byte[KeySpace.NAMESPACE_BYTES + DIGITS];
    KeySpace.writeNamespace(namespace, row, 0);
    long left = number;
    for (int i = row.length - 1; i >= KeySpace.NAMESPACE_BYTES; i--) {
      row[i] = (byte) ('0' + left % 10);
      left /= 10;
    }
    return row;
  }

  private ColumnFamilyHandle family(Table table) {
    ColumnFamilyHandle family = families.get(table);
    if (family == null) {
      throw new IllegalArgumentException("no column family for " + table);
    }
    return family;
  }

  @Override
  public void close() {
    families.values().forEach(ColumnFamilyHandle::close);
    database.close();
    reads.close();
    synced.close();
    tuning.close();
  }
}
