package selvedge.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.storage.FileInfo;
import org.apache.ratis.statemachine.SnapshotInfo;
import org.jspecify.annotations.Nullable;
import selvedge.engine.files.SyncedFiles;

/**
 * The place in the log up to which the store certainly has every entry, in a file beside the store.
 * A start replays the log behind it. Safe for use by many threads.
 */
final class LogMark {
  private final Path file;
  private volatile @Nullable TermIndex place;

  LogMark(Path file) throws IOException {
    this.file = file;
    this.place = Files.exists(file) ? parse(Files.readString(file)) : null;
  }

  private static TermIndex parse(String text) {
    String[] fields = text.strip().split(" ", -1);
    return TermIndex.valueOf(Long.parseLong(fields[0]), Long.parseLong(fields[1]));
  }

  /** Returns the place; null before the first mark. */
  @Nullable TermIndex place() {
    return place;
  }

  /** Returns the index of the place; -1 before the first mark. */
  long index() {
    TermIndex reached = place;
    return reached == null ? -1 : reached.getIndex();
  }

  /** Records a place. The store must have every entry up to it on disk. */
  void set(TermIndex reached) throws IOException {
    SyncedFiles.write(file, List.of(reached.getTerm() + " " + reached.getIndex()));
    place = reached;
  }

  /** Returns the mark as a snapshot without files: the store itself is the snapshot. */
  @Nullable SnapshotInfo snapshot() {
    TermIndex reached = place;
    return reached == null ? null : new StoreSnapshot(reached);
  }

  private record StoreSnapshot(TermIndex termIndex) implements SnapshotInfo {
    @Override
    public TermIndex getTermIndex() {
      return termIndex;
    }

    @Override
    public List<FileInfo> getFiles() {
      return List.of();
    }
  }
}
