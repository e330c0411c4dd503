package selvedge.engine.store.rocks;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import selvedge.engine.store.row.ValueId;
import selvedge.model.Bytes;
import selvedge.model.Value;

/**
 * The large values to which no commit refers yet.
 *
 * <p>Safe for use by many threads.
 */
final class Uploads {
  private final Tables rocks;
  private final Chunks chunks;
  private final InstantSource clock;
  private final int chunkBytes;
  private final long opening;
  private final AtomicLong count = new AtomicLong();
  private final ConcurrentHashMap<ValueId, RocksUpload> pending = new ConcurrentHashMap<>();

  /**
   * @param opening the number of this opening of the store
   */
  Uploads(Tables rocks, Chunks chunks, InstantSource clock, int chunkBytes, long opening) {
    this.rocks = rocks;
    this.chunks = chunks;
    this.clock = clock;
    this.chunkBytes = chunkBytes;
    this.opening = opening;
  }

  RocksUpload start() {
    var upload = new RocksUpload(this, new ValueId(opening, count.incrementAndGet()), chunkBytes);
    pending.put(upload.id(), upload);
    return upload;
  }

  /** Claims the upload for a commit. It can be claimed once. */
  RocksUpload claim(ValueId id) {
    RocksUpload upload = pending.get(id);
    if (upload == null || !upload.claim()) {
      throw new IllegalStateException(
          "the upload of value " + id + " was closed or used before this commit");
    }
    return upload;
  }

  boolean isPending(ChunkedValue value) {
    return value.isIn(chunks) && pending.containsKey(value.stored().id());
  }

  /** Copies a value from elsewhere into chunks. The commit that claims the result owns it. */
  Value copy(Value value) {
    RocksUpload upload = start();
    try (InputStream stream = value.open()) {
      for (byte[] chunk = stream.readNBytes(chunkBytes);
          chunk.length > 0;
          chunk = stream.readNBytes(chunkBytes)) {
        upload.write(Bytes.adopt(chunk));
      }
      return upload.finish();
    } catch (IOException e) {
      upload.close();
      throw new UncheckedIOException(e);
    } catch (RuntimeException e) {
      upload.close();
      throw e;
    }
  }

  Tables rocks() {
    return rocks;
  }

  Chunks chunks() {
    return chunks;
  }

  long nowMillis() {
    return clock.millis();
  }

  void ended(RocksUpload upload) {
    pending.remove(upload.id());
  }

  /** Frees the chunks that unfinished uploads of earlier openings left. */
  static void freeOrphans(Tables rocks, WriteSet rows) {
    List<ValueId> orphans = new ArrayList<>();
    try (Scan scan = rocks.scan(Table.UPKEEP, Upkeep.UPLOAD.start(), Upkeep.UPLOAD.end())) {
      while (scan.next()) {
        orphans.add(Upkeep.UPLOAD.reader(scan.key()).valueId());
      }
    }
    orphans.forEach(id -> Chunks.deleteUpload(id, rows));
  }
}
