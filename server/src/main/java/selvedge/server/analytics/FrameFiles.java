package selvedge.server.analytics;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import selvedge.model.Bytes;

/**
 * The files with the frames: one for the minutes of each hour, and one for the hours of each day.
 *
 * <p>One thread appends; any thread may read. A file only grows, and has a part of the bytes that
 * all may take. A frame that would take more than its share of the file loses namespaces.
 */
final class FrameFiles {
  private static final int SHARES = 2;

  private final Path directory;
  private final long bytesMax;

  /** Where the last whole frame ends, of files that were appended to. */
  private final Map<Path, Long> ends = new HashMap<>();

  /** The two resolutions. */
  enum Kind {
    MINUTES("minutes-", 60, 3600, 24),
    HOURS("hours-", 3600, 86_400, 31);

    static final long HOURS_SECONDS = 3600;

    private static final int HOUR_CHARACTERS = "2026-01-01T00".length();
    private static final int DAY_CHARACTERS = "2026-01-01".length();

    private final String prefix;
    private final long step;
    private final long span;
    private final long filesKept;

    /**
     * @param step the seconds of a frame
     * @param span the seconds of a file
     * @param filesKept the number of complete files that are kept
     */
    Kind(String prefix, long step, long span, long filesKept) {
      this.prefix = prefix;
      this.step = step;
      this.span = span;
      this.filesKept = filesKept;
    }

    /** Returns the first second of the frame that has a moment. */
    long start(long second) {
      return second - Math.floorMod(second, step);
    }

    /** Returns the first second that is kept. */
    long horizon(long now) {
      return now - Math.floorMod(now, span) - filesKept * span;
    }

    private String name(long second) {
      String moment = Instant.ofEpochSecond(second).toString();
      return prefix + moment.substring(0, this == MINUTES ? HOUR_CHARACTERS : DAY_CHARACTERS);
    }
  }

  /**
   * @param bytesMax of all files
   */
  FrameFiles(Path directory, long bytesMax) {
    this.directory = directory;
    this.bytesMax = bytesMax;
  }

  private Path file(Kind kind, long second) {
    return directory.resolve(kind.name(second));
  }

  /** Returns the frame with as many namespaces as have room among those of the same time. */
  Frame fitting(Kind kind, Frame frame) throws IOException {
    long left = bytesMax / SHARES / (kind.filesKept + 1) - end(file(kind, frame.start()));
    // Later frames of the same time get a part of what is left, so that something is always left.
    long shares = 1 + (kind.span - Math.floorMod(frame.start(), kind.span)) / kind.step;
    long room = left / shares;
    int kept = 0;
    long bytes = 0;
    while (kept < frame.rows().size() && bytes <= room) {
      bytes += FrameCodec.size(frame.rows().get(kept++));
    }
    while (true) {
      Frame folded = frame.folded(kept);
      if (kept == 0 || FrameCodec.encode(folded).size() <= room) {
        return folded;
      }
      kept -= (kept + 3) / 4;
    }
  }

  /** Appends a frame, unless its file is full. */
  void append(Kind kind, Frame frame) throws IOException {
    Files.createDirectories(directory);
    Path file = file(kind, frame.start());
    long end = end(file);
    Bytes bytes = FrameCodec.encode(frame);
    if (end + bytes.size() > bytesMax / SHARES / (kind.filesKept + 1)) {
      return;
    }
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      // What follows the last whole frame was being written when the process ended.
      channel.truncate(end).position(end);
      for (ByteBuffer rest = bytes.asReadOnlyBuffer(); rest.hasRemaining(); ) {
        channel.write(rest);
      }
      channel.force(true);
    }
    ends.put(file, end + bytes.size());
  }

  /** Returns the end of the last whole frame. */
  private long end(Path file) throws IOException {
    Long known = ends.get(file);
    if (known != null || !Files.exists(file)) {
      return known == null ? 0 : known;
    }
    ByteBuffer content = ByteBuffer.wrap(Files.readAllBytes(file));
    int end = 0;
    while (FrameCodec.decode(content).isPresent()) {
      end = content.position();
    }
    ends.put(file, (long) end);
    return end;
  }

  /** Passes on the frames that start in a span of time, in the order of their files. */
  void read(Kind kind, long from, long to, Consumer<Frame> consumer) throws IOException {
    for (long second = from - Math.floorMod(from, kind.span); second < to; second += kind.span) {
      try {
        ByteBuffer content = ByteBuffer.wrap(Files.readAllBytes(file(kind, second)));
        for (Optional<Frame> frame = FrameCodec.decode(content);
            frame.isPresent();
            frame = FrameCodec.decode(content)) {
          if (frame.get().start() >= from && frame.get().start() < to) {
            consumer.accept(frame.get());
          }
        }
      } catch (NoSuchFileException _) {
        // The server did not run then.
      }
    }
  }

  /** Deletes the files that are older than what is kept. */
  void trim(long now) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        String name = String.valueOf(file.getFileName());
        for (Kind kind : Kind.values()) {
          if (name.startsWith(kind.prefix) && name.compareTo(kind.name(kind.horizon(now))) < 0) {
            Files.deleteIfExists(file);
            ends.remove(file);
          }
        }
      }
    }
  }
}
