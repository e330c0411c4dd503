package selvedge.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.server.RaftServerConfigKeys.Log.CorruptionPolicy;
import org.apache.ratis.server.raftlog.segmented.LogSegment;
import org.apache.ratis.server.raftlog.segmented.LogSegmentPath;
import org.apache.ratis.util.SizeInBytes;
import selvedge.engine.files.SyncedFiles;

/** The log of a voter that does not run. Used by one thread. */
final class StoppedLog {
  private static final SizeInBytes ENTRY_MAX = SizeInBytes.valueOf("32MB");

  /** The part of the path of each segment, below the id of the log. */
  private static final String CURRENT = "/current/";

  private final Path directory;
  private final long marked;

  /**
   * @param directory the one of all logs of the voter
   * @param marked the index up to which the store has every entry
   */
  StoppedLog(Path directory, long marked) {
    this.directory = directory;
    this.marked = marked;
  }

  /**
   * Reads all entries in their order, also those of which it is not known whether they were
   * committed. An entry that was written only in part, or is damaged or missing, ends the log.
   */
  void read(Consumer<LogEntryProto> entries) throws IOException {
    long next = -1;
    for (LogSegmentPath segment : segments()) {
      if (next >= 0 && start(segment) != next) {
        return;
      }
      int read =
          LogSegment.readSegmentFile(
              segment.getPath().toFile(),
              segment.getStartEnd(),
              ENTRY_MAX,
              CorruptionPolicy.WARN_AND_RETURN,
              null,
              entries);
      next = start(segment) + read;
    }
  }

  /** Returns the files of the log in their order, without {@link #leftovers}. */
  List<LogSegmentPath> segments() throws IOException {
    List<LogSegmentPath> all = files();
    return all.subList(leftovers(all), all.size());
  }

  /**
   * Returns the files that were deleted, because the store has their entries, and that a power cut
   * has brought back: files behind them stayed deleted.
   */
  List<LogSegmentPath> leftovers() throws IOException {
    List<LogSegmentPath> all = files();
    return all.subList(0, leftovers(all));
  }

  /**
   * Deletes the oldest files, whose entries the store has, as far as the newer ones are as large as
   * the log may be. A voter that often starts again would otherwise keep what it had at each start.
   */
  void shorten(LogSize most) throws IOException {
    List<LogSegmentPath> all = segments();
    int kept = all.size();
    var size = new LogSize(0, 0);
    while (kept > 0 && size.bytes() < most.bytes() && size.entries() < most.entries()) {
      kept--;
      size = size.plus(size(all.get(kept)));
    }
    for (LogSegmentPath old : all.subList(0, kept)) {
      if (end(old) > marked) {
        return;
      }
      SyncedFiles.delete(old.getPath());
    }
  }

  private int leftovers(List<LogSegmentPath> all) {
    int count = 0;
    for (int i = 1; i < all.size() && start(all.get(i)) <= marked + 1; i++) {
      if (start(all.get(i)) > end(all.get(i - 1)) + 1) {
        count = i;
      }
    }
    return count;
  }

  private List<LogSegmentPath> files() throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      return all.filter(Files::isRegularFile)
          .filter(each -> each.toString().contains(CURRENT))
          .map(LogSegmentPath::matchLogSegment)
          .filter(Objects::nonNull)
          .sorted(Comparator.comparingLong(StoppedLog::start))
          .toList();
    }
  }

  /** Returns the size of a file. The one that is written last counts as one entry. */
  private static LogSize size(LogSegmentPath segment) throws IOException {
    return new LogSize(Files.size(segment.getPath()), end(segment) - start(segment) + 1);
  }

  private static long start(LogSegmentPath segment) {
    return indexes(segment.getPath()).getFirst();
  }

  private static long end(LogSegmentPath segment) {
    return indexes(segment.getPath()).getLast();
  }

  /** Returns the indexes in a name such as log_0-99 or log_inprogress_100. */
  static List<Long> indexes(Path segment) {
    String name = segment.getFileName().toString();
    String indexes = name.substring(name.lastIndexOf('_') + 1);
    return Stream.of(indexes.split("-", -1)).map(Long::valueOf).toList();
  }
}
