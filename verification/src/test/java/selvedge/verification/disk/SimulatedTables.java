package selvedge.verification.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import selvedge.engine.files.SyncedFiles;
import selvedge.engine.store.DiskFailures;
import selvedge.engine.store.rocks.Scan;
import selvedge.engine.store.rocks.Table;
import selvedge.engine.store.rocks.Tables;
import selvedge.engine.store.rocks.WriteSet;
import selvedge.engine.store.row.RowReader;
import selvedge.model.StoreUnusableException;

/**
 * Tables in memory with what RocksDB keeps of them over a crash: the rows of all tables as of one
 * write, and the log since then. {@code SimulatedTablesTest} compares the two.
 *
 * <p>Confined to one thread. {@code CURRENT} names the files that count, oldest first. Each of them
 * has the changes since the one before it. The log has the number of the last one.
 */
@SuppressWarnings({"ArrayRecordComponent", "EnumOrdinal", "NonApiType"}) // rows are byte arrays
public final class SimulatedTables implements Tables {
  private static final String CURRENT = "CURRENT";
  private static final double OWN_FLUSH = 0.005;
  private static final byte[] NOTHING = new byte[0];
  private static final Table[] TABLES = Table.values();

  /** Length and checksum of a record of the log. */
  private static final int FRAME_BYTES = 2 * Integer.BYTES;

  /** What a change takes in a file beside its two arrays. */
  private static final int STEP_BYTES = 2 + 2 * Integer.BYTES;

  /** With so many files, the next one has all rows and replaces them. */
  private static final int FILES_MAX = 8;

  private final Path directory;
  private final Random random;
  private final EnumMap<Table, Rows> tables = new EnumMap<>(Table.class);
  private final List<Step> unfiled = new ArrayList<>();

  /** The rows in the files of the keys that have changed since, null for none. */
  private final EnumMap<Table, TreeMap<byte[], byte @Nullable []>> filed =
      new EnumMap<>(Table.class);

  private List<Long> files;
  private FileChannel log;
  private boolean flushed;
  private boolean closed;
  private boolean broken;

  /** Whether rows were written past the log since the opening: before, RocksDB reads all rows. */
  private boolean pastLog;

  /** The rows of a table. They are copied before a write while a scan or a view reads them. */
  private static final class Rows {
    private TreeMap<byte[], byte[]> map = new TreeMap<>(Arrays::compareUnsigned);
    private int readers;
  }

  private SimulatedTables(Path directory, Random random, List<Long> files) throws IOException {
    this.directory = directory;
    this.random = random;
    this.files = files;
    for (Table table : Table.values()) {
      tables.put(table, new Rows());
      filed.put(table, new TreeMap<>(Arrays::compareUnsigned));
    }
    for (long file : files) {
      ByteBuffer steps = ByteBuffer.wrap(Files.readAllBytes(file(directory, file)));
      while (steps.hasRemaining()) {
        Step step = Step.read(steps);
        apply(step, now(step.table()).map);
      }
    }
    replayLog();
    this.log = FileChannel.open(log(number()), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    log.position(log.size());
    // RocksDB moves the rows of the log to files when it opens, too.
    writeFiles();
  }

  /** Opens the tables in a directory. */
  public static SimulatedTables open(Path directory, boolean create, Random random) {
    try {
      if (create) {
        SyncedFiles.createDirectories(directory);
        writeFile(directory, List.of(1L), List.of());
      }
      // RocksDB makes the name of the current manifest durable whenever it opens.
      SyncedFiles.syncNames(directory);
      String current = Files.readString(directory.resolve(CURRENT));
      List<Long> files = Stream.of(current.split(" ", -1)).map(Long::valueOf).toList();
      return new SimulatedTables(directory, random, files);
    } catch (IOException e) {
      throw DiskFailures.translate(e, "open " + directory);
    }
  }

  private static Path file(Path directory, long number) {
    return directory.resolve(number + ".rows");
  }

  private Path log(long of) {
    return directory.resolve(of + ".wal");
  }

  /** Returns the number of the newest file and of the log. */
  private long number() {
    return files.getLast();
  }

  /** Writes the last of the files and an empty log, and makes them the current ones. */
  private static void writeFile(Path directory, List<Long> files, List<Step> steps)
      throws IOException {
    long number = files.getLast();
    SyncedFiles.replace(file(directory, number), bytes(steps));
    SyncedFiles.replace(directory.resolve(number + ".wal"), new byte[0]);
    String current = files.stream().map(String::valueOf).collect(Collectors.joining(" "));
    SyncedFiles.replace(directory.resolve(CURRENT), current.getBytes(StandardCharsets.US_ASCII));
  }

  /** Returns a buffer with the changes behind some free bytes. */
  private static ByteBuffer buffer(int free, List<Step> steps) {
    int size = free;
    for (Step step : steps) {
      size += STEP_BYTES + step.one().length + step.other().length;
    }
    ByteBuffer out = ByteBuffer.allocate(size).position(free);
    for (Step step : steps) {
      out.put((byte) step.kind()).put((byte) step.table().ordinal());
      out.putInt(step.one().length).put(step.one());
      out.putInt(step.other().length).put(step.other());
    }
    return out;
  }

  private static byte[] bytes(List<Step> steps) {
    return buffer(0, steps).array();
  }

  /** Returns the changes that make all rows. */
  private List<Step> all() {
    List<Step> steps = new ArrayList<>();
    tables.forEach(
        (table, rows) ->
            rows.map.forEach((key, row) -> steps.add(new Step(Step.PUT, table, key, row))));
    return steps;
  }

  private void file() {
    unfiled.clear();
    filed.values().forEach(TreeMap::clear);
  }

  /** Applies the whole records of the log; a torn one is its end. */
  private void replayLog() throws IOException {
    if (!Files.exists(log(number()))) {
      return;
    }
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(log(number())));
    while (bytes.hasRemaining()) {
      int start = bytes.position();
      ByteBuffer record = record(bytes);
      if (record == null) {
        cutLog(start);
        return;
      }
      apply(record);
    }
  }

  /** Returns the next record of the log, null if it is not whole. */
  private static @Nullable ByteBuffer record(ByteBuffer bytes) {
    if (bytes.remaining() < FRAME_BYTES) {
      return null;
    }
    int length = bytes.getInt();
    int sum = bytes.getInt();
    if (length <= 0 || length > bytes.remaining()) {
      return null;
    }
    ByteBuffer record = bytes.slice(bytes.position(), length);
    bytes.position(bytes.position() + length);
    return sum(record.duplicate()) == sum ? record : null;
  }

  private void cutLog(long size) throws IOException {
    try (FileChannel own = FileChannel.open(log(number()), StandardOpenOption.WRITE)) {
      own.truncate(size);
      own.force(false);
    }
  }

  private static int sum(ByteBuffer record) {
    var crc = new CRC32C();
    crc.update(record);
    return (int) crc.getValue();
  }

  /**
   * A change of a row, or of a range of them.
   *
   * @param one the key, or the start of the range
   * @param other the row, or the end of the range; empty for a deletion
   */
  private record Step(int kind, Table table, byte[] one, byte[] other) {
    private static final int PUT = 0;
    private static final int DELETE = 1;
    private static final int DELETE_RANGE = 2;

    static Step read(ByteBuffer record) {
      return new Step(record.get(), TABLES[record.get()], array(record), array(record));
    }

    private static byte[] array(ByteBuffer record) {
      byte[] bytes = new byte[record.getInt()];
      record.get(bytes);
      return bytes;
    }
  }

  private void apply(ByteBuffer record) {
    while (record.hasRemaining()) {
      apply(Step.read(record));
    }
  }

  private void apply(Step step) {
    unfiled.add(step);
    TreeMap<byte[], byte[]> rows = rows(step.table());
    if (step.kind() == Step.DELETE_RANGE) {
      rows.subMap(step.one(), true, step.other(), false)
          .forEach((key, row) -> keep(step.table(), key, row));
    } else {
      keep(step.table(), step.one(), rows.get(step.one()));
    }
    apply(step, rows);
  }

  /** Keeps the row that a key has in the files, when it changes for the first time. */
  private void keep(Table table, byte[] key, byte @Nullable [] row) {
    TreeMap<byte[], byte @Nullable []> kept = kept(table);
    if (!kept.containsKey(key)) {
      kept.put(key, row);
    }
  }

  private TreeMap<byte[], byte @Nullable []> kept(Table table) {
    return Objects.requireNonNull(filed.get(table));
  }

  private static void apply(Step step, TreeMap<byte[], byte[]> rows) {
    switch (step.kind()) {
      case Step.PUT -> rows.put(step.one(), step.other());
      case Step.DELETE -> rows.remove(step.one());
      default -> rows.subMap(step.one(), true, step.other(), false).clear();
    }
  }

  private Rows now(Table table) {
    return Objects.requireNonNull(tables.get(table));
  }

  private TreeMap<byte[], byte[]> rows(Table table) {
    Rows rows = now(table);
    if (rows.readers > 0) {
      var copy = new Rows();
      copy.map = new TreeMap<>(rows.map);
      tables.put(table, copy);
      return copy.map;
    }
    return rows.map;
  }

  @Override
  public String name(Table table) {
    return table.family() + " in " + directory;
  }

  private void requireOpen() {
    if (closed) {
      throw new StoreUnusableException("the store is closed");
    }
    if (broken) {
      throw new StoreUnusableException("the tables have met an error of the disk");
    }
  }

  @Override
  public byte @Nullable [] get(Table table, byte[] key) {
    requireOpen();
    byte[] row = now(table).map.get(key);
    return row == null ? null : row.clone();
  }

  @Override
  public byte @Nullable [] getFromFiles(Table table, byte[] key) {
    requireOpen();
    TreeMap<byte[], byte @Nullable []> kept = kept(table);
    return pastLog && kept.containsKey(key) ? kept.get(key) : now(table).map.get(key);
  }

  @Override
  public int get(Table table, byte[] key, byte[] buffer) {
    requireOpen();
    byte[] row = now(table).map.get(key);
    if (row == null) {
      return -1;
    }
    System.arraycopy(row, 0, buffer, 0, Math.min(row.length, buffer.length));
    return row.length;
  }

  @Override
  public Scan scan(Table table, byte[] start, byte[] end) {
    requireOpen();
    Rows rows = now(table);
    rows.readers++;
    return new MapScan(rows.map, start, end, () -> rows.readers--);
  }

  @Override
  public View view() {
    requireOpen();
    var seen = new EnumMap<>(tables);
    seen.values().forEach(rows -> rows.readers++);
    return new View() {
      @Override
      public byte @Nullable [] get(Table table, byte[] key) {
        return Objects.requireNonNull(seen.get(table)).map.get(key);
      }

      @Override
      public Scan scan(Table table, byte[] start, byte[] end) {
        return new MapScan(Objects.requireNonNull(seen.get(table)).map, start, end, () -> {});
      }

      @Override
      public void close() {
        seen.values().forEach(rows -> rows.readers--);
      }
    };
  }

  private static final class MapScan implements Scan {
    private final Iterator<Map.Entry<byte[], byte[]>> rows;
    private final Runnable onClose;
    private Map.@Nullable Entry<byte[], byte[]> row;

    MapScan(TreeMap<byte[], byte[]> map, byte[] start, byte[] end, Runnable onClose) {
      boolean empty = Arrays.compareUnsigned(start, end) >= 0;
      this.rows =
          empty
              ? List.<Map.Entry<byte[], byte[]>>of().iterator()
              : map.subMap(start, true, end, false).entrySet().iterator();
      this.onClose = onClose;
    }

    @Override
    public boolean next() {
      row = rows.hasNext() ? rows.next() : null;
      return row != null;
    }

    private Map.Entry<byte[], byte[]> row(Map.@Nullable Entry<byte[], byte[]> now) {
      if (now == null) {
        throw new IllegalStateException("no row");
      }
      return now;
    }

    @Override
    public byte[] key() {
      return row(row).getKey().clone();
    }

    @Override
    public byte[] keyFrom(int offset) {
      byte[] key = row(row).getKey();
      return Arrays.copyOfRange(key, offset, key.length);
    }

    @Override
    public byte[] row() {
      return row(row).getValue().clone();
    }

    @Override
    public RowReader reader(String table) {
      byte[] bytes = row(row).getValue();
      return new RowReader(bytes, bytes.length, table);
    }

    @Override
    public void close() {
      onClose.run();
    }
  }

  private static final class Steps implements WriteSet {
    private final List<Step> steps = new ArrayList<>();

    @Override
    public void put(Table table, byte[] key, byte[] row) {
      steps.add(new Step(Step.PUT, table, key, row));
    }

    @Override
    public void delete(Table table, byte[] key) {
      steps.add(new Step(Step.DELETE, table, key, NOTHING));
    }

    @Override
    public void deleteRange(Table table, byte[] start, byte[] end) {
      steps.add(new Step(Step.DELETE_RANGE, table, start, end));
    }

    @Override
    public boolean isEmpty() {
      return steps.isEmpty();
    }

    @Override
    public void close() {}
  }

  @Override
  public WriteSet writeSet() {
    return new Steps();
  }

  @Override
  public void writeSynced(WriteSet rows) {
    write(rows);
    syncLog();
  }

  @Override
  public void write(WriteSet rows) {
    requireOpen();
    List<Step> steps = ((Steps) rows).steps;
    try {
      ByteBuffer framed = buffer(FRAME_BYTES, steps).flip();
      int length = framed.remaining() - FRAME_BYTES;
      log.write(
          framed.putInt(0, length).putInt(Integer.BYTES, sum(framed.slice(FRAME_BYTES, length))));
    } catch (IOException e) {
      throw DiskFailures.translate(e, "write to " + directory);
    }
    steps.forEach(this::apply);
  }

  @Override
  public void writeUnlogged(WriteSet rows) {
    requireOpen();
    ((Steps) rows).steps.forEach(this::apply);
    pastLog = true;
    if (random.nextDouble() < OWN_FLUSH) {
      tryFlush();
    }
  }

  /** RocksDB moves rows to files when it likes, and a disk that fails then is no failed write. */
  private void tryFlush() {
    try {
      writeFiles();
    } catch (IOException _) {
      // It stays as it is.
    }
  }

  @Override
  public void syncLog() {
    requireOpen();
    try {
      log.force(false);
    } catch (IOException e) {
      throw DiskFailures.translate(e, "sync the log of " + directory);
    }
  }

  @Override
  public void flush() {
    requireOpen();
    try {
      writeFiles();
    } catch (IOException e) {
      throw DiskFailures.translate(e, "flush " + directory);
    }
  }

  private void writeFiles() throws IOException {
    if (unfiled.isEmpty()) {
      return;
    }
    List<Long> old = files;
    long next = number() + 1;
    boolean whole = old.size() >= FILES_MAX;
    List<Long> now = whole ? List.of(next) : Stream.concat(old.stream(), Stream.of(next)).toList();
    try {
      writeFile(directory, now, whole ? all() : unfiled);
    } catch (IOException e) {
      broken = isCurrent(next);
      throw e;
    }
    FileChannel opened = FileChannel.open(log(next), StandardOpenOption.WRITE);
    log.close();
    log = opened;
    files = now;
    file();
    SyncedFiles.delete(log(old.getLast()));
    if (whole) {
      for (long each : old) {
        SyncedFiles.delete(file(directory, each));
      }
    }
  }

  /** Returns whether a file is current although a sync failed: RocksDB then fails, too. */
  private boolean isCurrent(long file) throws IOException {
    String current = Files.readString(directory.resolve(CURRENT));
    return current.substring(current.lastIndexOf(' ') + 1).equals(Long.toString(file));
  }

  @Override
  public void beginFlush() {
    requireOpen();
    tryFlush();
  }

  @Override
  public void checkpoint(Path target) {
    flush();
    try {
      SyncedFiles.createDirectories(target);
      writeFile(target, List.of(1L), all());
    } catch (IOException e) {
      throw DiskFailures.translate(e, "write a checkpoint to " + target);
    }
  }

  @Override
  public void verifyChecksums() {}

  @Override
  public void fitLevel(Table table) {}

  @Override
  public boolean isFlushed() {
    return flushed;
  }

  @Override
  public boolean isClosed() {
    return closed;
  }

  @Override
  public Map<String, Long> properties() {
    return Map.of();
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    try {
      flush();
      flushed = true;
    } finally {
      closed = true;
    }
  }
}
