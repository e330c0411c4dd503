package selvedge.engine.store.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import selvedge.engine.files.InterruptSafeFile;
import selvedge.engine.files.SyncedFiles;
import selvedge.engine.store.DiskFailures;
import selvedge.engine.store.row.JournalRow;
import selvedge.engine.work.Threads;
import selvedge.model.StoreDamagedException;
import selvedge.model.Version;

/**
 * The write-ahead log of a store, which is also its feed: every change is on disk here before it is
 * in the tables.
 *
 * <p>Safe for use by many threads in {@link #read}. Everything else is confined to the writer.
 */
public final class Journal implements AutoCloseable {
  /** The size at which another file begins. */
  public static final int FILE_BYTES = 16 << 20;

  /** A larger commit is written in parts, so that no reader needs memory for all of it. */
  private static final int PART_BYTES_MAX = 1 << 20;

  /** How many parts fit into a file at least. */
  private static final int PARTS = 16;

  private final Path directory;
  private final long opening;
  private final long mark;
  private final int fileBytes;
  private final int partBytes;
  private volatile List<JournalFile> files;
  private final BlockBuffer blocks;
  private final boolean direct;
  private final RecentBatches recent = new RecentBatches();
  private @Nullable InterruptSafeFile current;
  private long position;

  /** The end of the zeros in the file. A sync takes longer if it has to record a larger file. */
  private long zeroed;

  private final SpareFile spare;

  /** The first batch that may not be on disk; null if all of them are. */
  private @Nullable Place unsure;

  /** Why a sync or an append has failed: its batches are taken back before the next append. */
  private @Nullable RuntimeException failure;

  /** The place at which a batch begins. */
  public record Place(JournalFile file, long position, Version after) {}

  /**
   * Opens the journal to read. The first change begins a new file.
   *
   * @param horizon up to which the changes are not needed any more
   * @param mark random bytes that the batches of this opening begin with
   * @param fileBytes the size at which another file begins
   */
  public Journal(
      Path directory, Version horizon, long opening, long mark, Threads threads, int fileBytes) {
    this.directory = directory;
    this.opening = opening;
    this.mark = mark;
    this.fileBytes = fileBytes;
    this.partBytes = Math.min(PART_BYTES_MAX, fileBytes / PARTS);
    this.spare = new SpareFile(directory.resolve("spare"), fileBytes, threads, this::fill);
    try {
      SyncedFiles.createDirectories(directory);
      SyncedFiles.syncNames(directory.resolveSibling("."));
      spare.delete();
      files = List.copyOf(found(horizon));
      long blockBytes = Files.getFileStore(directory).getBlockSize();
      blocks = new BlockBuffer(blockBytes, partBytes);
      direct = blockBytes <= BlockBuffer.BLOCK_BYTES_MAX;
    } catch (IOException e) {
      throw DiskFailures.translate(e, "read the journal in " + directory);
    }
  }

  private List<JournalFile> found(Version horizon) throws IOException {
    List<Path> paths = new ArrayList<>();
    try (Stream<Path> found = Files.list(directory)) {
      found.sorted().forEach(paths::add);
    }
    paths.forEach(Journal::number);
    if (!paths.isEmpty() && JournalFile.isBlank(paths.getLast())) {
      SyncedFiles.delete(paths.removeLast());
    }
    List<JournalFile> found = new ArrayList<>();
    for (Path path : paths) {
      found.add(JournalFile.read(path));
    }
    // A power cut may bring back some of the files that were deleted.
    List<JournalFile> needed = found.subList(unneeded(found, horizon), found.size());
    for (int i = 1; i < needed.size(); i++) {
      long next = number(needed.get(i - 1).path()) + 1;
      if (number(needed.get(i).path()) != next) {
        throw new StoreDamagedException(path(next) + " is missing");
      }
    }
    for (JournalFile each : found.subList(0, found.size() - needed.size())) {
      SyncedFiles.delete(each.path());
    }
    return needed;
  }

  /** Returns the number of files that have no change after the version. */
  private static int unneeded(List<JournalFile> all, Version version) {
    int count = 0;
    while (count + 1 < all.size() && all.get(count + 1).after().compareTo(version) <= 0) {
      count++;
    }
    return count;
  }

  private static long number(Path path) {
    String name = path.getFileName().toString();
    if (!name.matches("[0-9]{10}" + JournalFile.SUFFIX)) {
      throw new StoreDamagedException(path + " is no file of a journal");
    }
    return Long.parseLong(name.substring(0, name.indexOf('.')));
  }

  private Path path(long number) {
    return directory.resolve(String.format(Locale.ROOT, "%010d%s", number, JournalFile.SUFFIX));
  }

  /** Returns the last opening of the store that wrote changes; 0 if none did. */
  public long lastOpening() {
    return files.isEmpty() ? 0 : files.getLast().opening();
  }

  /** Returns the version that the oldest change follows, or the given one if there is no change. */
  public Version start(Version otherwise) {
    return files.isEmpty() ? otherwise : files.getFirst().after();
  }

  /**
   * Passes the commits after the version to the taker, until none is left or one is not taken.
   *
   * @param version that the tables have
   * @param acknowledged the newest version that is known to have been acknowledged
   * @throws StoreDamagedException if a change is missing that was durable
   */
  public void replay(Version version, Version acknowledged, JournalReplay.Taker taker) {
    List<JournalFile> all = files;
    syncLast(all);
    var replay = new JournalReplay(version, acknowledged, taker);
    for (int i = Math.max(0, indexOf(all, version)); i < all.size(); i++) {
      try {
        replay.run(all.get(i), i + 1 < all.size() ? all.get(i + 1).after() : null);
      } catch (IOException e) {
        throw DiskFailures.translate(e, "read " + all.get(i).path());
      }
    }
  }

  /** Syncs the last writes of a killed process, because later changes depend on them. */
  private static void syncLast(List<JournalFile> all) {
    if (!all.isEmpty()) {
      try (InterruptSafeFile last = InterruptSafeFile.open(all.getLast().path())) {
        last.sync();
      } catch (IOException e) {
        throw DiskFailures.translate(e, "sync " + all.getLast().path());
      }
    }
  }

  /** Returns the index of the file with the changes after the version; -1 if it was deleted. */
  private static int indexOf(List<JournalFile> all, Version version) {
    for (int i = all.size() - 1; i >= 0; i--) {
      if (all.get(i).after().compareTo(version) <= 0) {
        return i;
      }
    }
    return -1;
  }

  /**
   * Returns at most {@code limit} rows after one version and up to another one. The rows end before
   * a damaged batch. If there are none, {@link #gap} returns the reason.
   */
  public List<JournalRow> read(Version version, Version last, int limit) {
    List<JournalRow> rows = new ArrayList<>();
    recent.read(version, last, limit, rows);
    if (!rows.isEmpty()) {
      return rows;
    }
    List<JournalFile> all = files;
    int first = indexOf(all, version);
    boolean goesOn = first >= 0;
    for (int i = first; goesOn && i < all.size() && rows.size() < limit; i++) {
      Version until = i + 1 < all.size() ? earlier(all.get(i + 1).after(), last) : last;
      if (until.compareTo(version) > 0) {
        try (JournalScan scan = all.get(i).scan(version)) {
          goesOn = read(all.get(i), scan, version, until, limit, rows);
        } catch (NoSuchFileException _) {
          return rows;
        } catch (IOException e) {
          throw DiskFailures.translate(e, "read " + all.get(i).path());
        }
      }
    }
    return rows;
  }

  private static Version earlier(Version one, Version other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  /** Returns false if a change after the version cannot be read. */
  private static boolean read(
      JournalFile file,
      JournalScan scan,
      Version version,
      Version until,
      int limit,
      List<JournalRow> rows)
      throws IOException {
    while (scan.end().compareTo(until) < 0 && rows.size() < limit) {
      if (scan.next()) {
        List<JournalRow> found = scan.rows(version);
        rows.addAll(found.subList(0, Math.min(found.size(), limit - rows.size())));
      } else {
        JournalFile.Gap gap = scan.skip(until);
        file.note(gap);
        if (!rows.isEmpty() || gap.until().compareTo(version) > 0) {
          return false;
        }
      }
    }
    return true;
  }

  /**
   * Returns the last of the changes after the version that cannot be read; empty if none is known.
   */
  public Optional<Version> gap(Version version) {
    return files.stream()
        .flatMap(file -> file.gaps().stream())
        .filter(gap -> gap.covers(version))
        .map(JournalFile.Gap::until)
        .max(Version::compareTo);
  }

  /** Describes the known damage after the version, for an operator. */
  public List<String> damage(Version version) {
    return files.stream()
        .flatMap(
            file ->
                file.gaps().stream()
                    .filter(gap -> gap.until().compareTo(version) > 0)
                    .map(gap -> describe(file, gap)))
        .toList();
  }

  private static String describe(JournalFile file, JournalFile.Gap gap) {
    return file.path()
        + " is damaged at byte "
        + gap.place()
        + ": changes "
        + gap.after().next()
        + " to "
        + gap.until()
        + " cannot be read";
  }

  /**
   * Appends a commit and returns its place. The next {@link #sync} makes it durable. If this method
   * throws, the next sync fails, too.
   */
  public Place append(Version after, List<JournalRow> rows) {
    List<List<JournalRow>> parts = parts(rows);
    try {
      mend();
      JournalFile file = fileFor(after, parts.stream().mapToLong(Journal::size).sum());
      var place = new Place(file, position, after);
      unsure = unsure == null ? place : unsure;
      Version end = after;
      for (int i = 0; i < parts.size(); i++) {
        pack(file, end, parts.size() - i - 1, parts.get(i));
        end = parts.get(i).getLast().version();
      }
      recent.add(after, rows);
      return place;
    } catch (IOException e) {
      throw failed(DiskFailures.translate(e, "write to the journal in " + directory));
    } catch (RuntimeException e) {
      throw failed(e);
    }
  }

  private RuntimeException failed(RuntimeException e) {
    failure = e;
    return e;
  }

  private List<List<JournalRow>> parts(List<JournalRow> rows) {
    if (size(rows) <= partBytes) {
      return List.of(rows);
    }
    List<List<JournalRow>> parts = new ArrayList<>();
    int start = 0;
    long size = 0;
    for (int i = 0; i < rows.size(); i++) {
      size += rows.get(i).size();
      if (size > partBytes || i + 1 == rows.size()) {
        parts.add(rows.subList(start, i + 1));
        start = i + 1;
        size = 0;
      }
    }
    return parts;
  }

  private static int size(List<JournalRow> part) {
    return JournalScan.HEADER_BYTES + part.stream().mapToInt(JournalRow::size).sum();
  }

  private void pack(JournalFile file, Version after, int more, List<JournalRow> rows)
      throws IOException {
    int size = size(rows);
    JournalScan.pack(blocks.begin(size), mark, after, more, durable(after), rows);
    file.note(after, position);
    if (position <= fileBytes / 2 && position + size > fileBytes / 2) {
      spare.prepare();
    }
    position += size;
    if (blocks.size() > partBytes) {
      write();
    }
  }

  /** Returns the last version that is known to be on disk. */
  private Version durable(Version after) {
    Place first = unsure;
    return first == null ? after : first.after();
  }

  private void fill(Path path, long bytes) throws IOException {
    try (InterruptSafeFile file = openToWrite(path)) {
      for (long end = 0; end < bytes; ) {
        end = blocks.writeZeros(file, end);
      }
      file.sync();
    }
  }

  /** Returns whether the next file is prepared. */
  boolean isPrepared() {
    return spare.isReady();
  }

  private void write() throws IOException {
    InterruptSafeFile file = current;
    if (file != null) {
      if (position > zeroed) {
        zeroed = blocks.writeZeros(file, position);
      }
      blocks.write(file);
    }
  }

  /** Returns the file to append to. A new one begins only when all batches are synced. */
  private JournalFile fileFor(Version after, long size) throws IOException {
    InterruptSafeFile file = current;
    boolean full = position + size > fileBytes && position > JournalFile.HEADER_BYTES;
    if (file != null && (unsure != null || !full)) {
      return files.getLast();
    }
    if (file != null) {
      unsure = new Place(files.getLast(), position, after);
    }
    begin(after);
    unsure = null;
    if (file != null) {
      file.close();
    }
    return files.getLast();
  }

  private InterruptSafeFile openToWrite(Path path) throws IOException {
    return direct ? InterruptSafeFile.openDirect(path) : InterruptSafeFile.open(path);
  }

  private void begin(Version after) throws IOException {
    List<JournalFile> all = new ArrayList<>(files);
    long number = all.isEmpty() ? 1 : number(all.getLast().path()) + 1;
    var next = new JournalFile(path(number), opening, after, mark);
    boolean prepared = spare.moveTo(next.path());
    InterruptSafeFile file = openToWrite(next.path());
    try {
      blocks.clear();
      blocks.begin(JournalFile.HEADER_BYTES).put(next.header());
      blocks.write(file);
      SyncedFiles.syncNames(directory);
    } catch (IOException e) {
      file.close();
      SyncedFiles.delete(next.path());
      throw e;
    }
    all.add(next);
    files = List.copyOf(all);
    current = file;
    position = JournalFile.HEADER_BYTES;
    zeroed = prepared ? fileBytes : 0;
  }

  /** Returns once all appended batches are on disk. One thread may call this at a time. */
  public void sync() {
    InterruptSafeFile file = current;
    if (failure != null) {
      throw failure;
    }
    if (file == null) {
      return;
    }
    try {
      write();
      file.sync();
      unsure = null;
    } catch (IOException e) {
      throw failed(DiskFailures.translate(e, "sync the journal in " + directory));
    }
  }

  /**
   * Removes the commit at the place and all later ones. If that fails, the next append tries again
   * first.
   */
  public void rollBack(Place place, RuntimeException why) {
    unsure = place;
    failure = why;
    try {
      mend();
    } catch (IOException _) {
      // The next append tries again, and throws if that fails, too.
    }
  }

  private void mend() throws IOException {
    if (failure != null && unsure != null) {
      takeBack(unsure);
    }
    failure = null;
  }

  private void takeBack(Place place) throws IOException {
    while (files.getLast() != place.file()) {
      SyncedFiles.delete(files.getLast().path());
      files = List.copyOf(files.subList(0, files.size() - 1));
      // If the file came back after a power cut, it would prove that the one before it is complete.
      SyncedFiles.syncNames(directory);
    }
    if (current != null) {
      current.close();
    }
    InterruptSafeFile file = openToWrite(place.file().path());
    current = file;
    place.file().forget(place.position());
    recent.forget(place.after());
    file.truncate(place.position());
    file.sync();
    blocks.load(place.file().path(), place.position());
    position = place.position();
    zeroed = 0;
    unsure = null;
  }

  /** Returns the files with changes, oldest first. */
  public List<JournalFile> files() {
    return files;
  }

  /** Returns the size of the files. Any thread may call this; a file that is deleted counts 0. */
  public long bytes() {
    long bytes = 0;
    for (JournalFile file : files) {
      try {
        bytes += Files.size(file.path());
      } catch (IOException _) {
        // The file was deleted meanwhile.
      }
    }
    return bytes;
  }

  /** Deletes the files that have no change after the version. */
  public void cut(Version version) {
    List<JournalFile> all = files;
    int gone = unneeded(all, version);
    try {
      for (int i = 0; i < gone; i++) {
        SyncedFiles.delete(all.get(i).path());
        files = List.copyOf(all.subList(i + 1, all.size()));
      }
    } catch (IOException e) {
      throw DiskFailures.translate(e, "cut the journal in " + directory);
    }
  }

  /** Deletes all files, before the first change of this opening. */
  public void clear() {
    if (current != null) {
      throw new IllegalStateException("the journal is being written");
    }
    try {
      for (JournalFile each : files) {
        SyncedFiles.delete(each.path());
      }
      files = List.of();
      SyncedFiles.syncNames(directory);
    } catch (IOException e) {
      throw DiskFailures.translate(e, "clear the journal in " + directory);
    }
  }

  /** Removes batches that are not durable, and the zeros at the end of the file. */
  @Override
  public void close() {
    spare.close();
    try {
      if (unsure != null) {
        takeBack(unsure);
      }
      InterruptSafeFile file = current;
      current = null;
      if (file != null) {
        try (file) {
          file.truncate(position);
          file.sync();
        }
      }
    } catch (IOException e) {
      throw DiskFailures.translate(e, "close the journal in " + directory);
    }
  }
}
