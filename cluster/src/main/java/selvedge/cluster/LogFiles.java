package selvedge.cluster;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.server.raftlog.segmented.LogSegmentPath;
import org.apache.ratis.thirdparty.com.google.protobuf.InvalidProtocolBufferException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import selvedge.engine.files.SyncedFiles;
import selvedge.model.StoreDamagedException;

/**
 * The files of the log of a voter that does not run. Ratis ends a log silently at an entry whose
 * length is damaged; this class tells damage from an entry that a crash has interrupted. Used by
 * one thread.
 *
 * <p>An entry is its length as a varint, its bytes, and the CRC-32C of both. Zeros may follow the
 * last entry of a file. A crash leaves the beginning of an entry there, without its checksum.
 */
final class LogFiles {
  private static final Logger LOG = LoggerFactory.getLogger(LogFiles.class);
  private static final byte[] HEADER = "RaftLog1".getBytes(StandardCharsets.US_ASCII);
  private static final int VARINT_BYTES_MAX = 5;

  private final StoppedLog log;

  LogFiles(StoppedLog log) {
    this.log = log;
  }

  /**
   * Requires that the log has every entry that this voter has ever written and its store may lack.
   * Cuts an entry off that was never complete, and deletes files again that a power cut has brought
   * back.
   *
   * @throws StoreDamagedException if it lacks one; the message names the file and the byte
   */
  void require() throws IOException {
    check(true);
    for (LogSegmentPath leftover : log.leftovers()) {
      SyncedFiles.delete(leftover.getPath());
    }
  }

  private void check(boolean cuts) throws IOException {
    long next = -1;
    for (LogSegmentPath segment : log.segments()) {
      var file = new Segment(segment.getPath());
      if (next >= 0 && file.start() != next) {
        throw file.damaged(0, "the entries " + next + " to " + (file.start() - 1) + " are missing");
      }
      next = file.check(cuts);
    }
  }

  /** Returns the damage of a log; empty if it is whole. Changes nothing. */
  Optional<String> damage() throws IOException {
    try {
      check(false);
      return Optional.empty();
    } catch (StoreDamagedException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  /** One file of the log, in memory. */
  private static final class Segment {
    private final Path path;
    private final long start;
    private final @Nullable Long end;
    private final byte[] bytes;

    Segment(Path path) throws IOException {
      List<Long> indexes = StoppedLog.indexes(path);
      this.path = path;
      this.start = indexes.getFirst();
      this.end = indexes.size() == 1 ? null : indexes.get(1);
      this.bytes = Files.readAllBytes(path);
    }

    long start() {
      return start;
    }

    StoreDamagedException damaged(int at, String reason) {
      return new StoreDamagedException(
          path
              + " is damaged at byte "
              + at
              + ": "
              + reason
              + ". This voter may have acknowledged writes that it has lost, so it must not vote:"
              + " start an empty server with --join, and put it in its place with selvedge cluster"
              + " replace");
    }

    /** Returns the index after the last entry. */
    long check(boolean cuts) throws IOException {
      if (!Arrays.equals(bytes, 0, Math.min(HEADER.length, bytes.length), HEADER, 0, HEADER.length)
          && !isZero(0)) {
        throw damaged(0, "it does not begin like a file of the log");
      }
      long next = start;
      int at = HEADER.length;
      while (at < bytes.length && !isZero(at)) {
        int length = entry(at, next);
        if (length == 0) {
          requireInterrupted(at, next);
          if (cuts) {
            cut(at);
          }
          break;
        }
        at += length;
        next++;
      }
      if (end != null && next != end + 1) {
        throw damaged(at, "it ends before the entry " + next + " of " + end);
      }
      return next;
    }

    private boolean isZero(int from) {
      for (int i = from; i < bytes.length; i++) {
        if (bytes[i] != 0) {
          return false;
        }
      }
      return true;
    }

    /**
     * The length of an entry.
     *
     * @param body where its bytes begin
     * @param size of its bytes; 0 or less if that is no length
     */
    private record Length(int body, int size) {
      long checksum() {
        return (long) body + size;
      }
    }

    private Length length(int at) {
      int size = 0;
      int body = at;
      for (int shift = 0; body < bytes.length && body - at < VARINT_BYTES_MAX; shift += 7) {
        byte next = bytes[body++];
        size |= (next & 0x7f) << shift;
        if (next >= 0) {
          return new Length(body, size);
        }
      }
      return new Length(body, 0);
    }

    /** Returns the bytes of a whole entry with an index; 0 if there is none at this place. */
    private int entry(int at, long index) {
      Length length = length(at);
      int sum = (int) Math.min(length.checksum(), bytes.length);
      if (length.size() <= 0 || sum + Integer.BYTES > bytes.length) {
        return 0;
      }
      var crc = new CRC32C();
      crc.update(bytes, at, sum - at);
      if ((int) crc.getValue() != ByteBuffer.wrap(bytes).getInt(sum)) {
        return 0;
      }
      try {
        ByteBuffer body = ByteBuffer.wrap(bytes, length.body(), length.size());
        long found = LogEntryProto.parseFrom(body).getIndex();
        return found == index ? sum + Integer.BYTES - at : 0;
      } catch (InvalidProtocolBufferException _) {
        return 0;
      }
    }

    /**
     * Requires that the bytes at the end of the last file are the beginning of an entry, which a
     * crash has interrupted before its checksum.
     */
    private void requireInterrupted(int at, long index) {
      Length length = length(at);
      boolean hasChecksum =
          length.size() > 0 && length.checksum() < bytes.length && !isZero((int) length.checksum());
      if (end != null || hasChecksum || hasOtherLength(at, index)) {
        throw damaged(at, "the entry " + index + " is not what this voter has written");
      }
    }

    /** Returns whether the entry is whole if one bit of its length is another one. */
    private boolean hasOtherLength(int at, long index) {
      for (int i = at; i < Math.min(at + VARINT_BYTES_MAX, bytes.length); i++) {
        for (int bit = 0; bit < Byte.SIZE; bit++) {
          bytes[i] ^= (byte) (1 << bit);
          boolean whole = entry(at, index) > 0;
          bytes[i] ^= (byte) (1 << bit);
          if (whole) {
            return true;
          }
        }
      }
      return false;
    }

    private void cut(int at) throws IOException {
      LOG.warn("{} ends with an entry that a crash has interrupted; it is removed", path);
      SyncedFiles.replace(path, Arrays.copyOf(bytes, at));
    }
  }
}
