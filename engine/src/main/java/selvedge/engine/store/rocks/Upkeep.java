package selvedge.engine.store.rocks;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;
import selvedge.engine.store.row.FeedPoint;
import selvedge.engine.store.row.RowReader;
import selvedge.engine.store.row.Stored;
import selvedge.engine.store.row.ValueId;

/** The kinds of rows that share {@link Table#UPKEEP}: the first byte of a row's key. */
public enum Upkeep {
  /** Single facts; see {@link Fact}. */
  FACT('m'),
  /** Namespace and key to the reference to the chunks, for entries with chunked values. */
  LARGE('l'),
  /** Expiry, namespace and key to the version that expires then. */
  EXPIRY('e'),
  /** Namespace and key to the expiry of the entry. */
  EXPIRES('x'),
  /** Version of a clear to the range whose large values are not recorded as garbage yet. */
  CLEARED('c'),
  /** Version and value id to a large value to which no entry refers since then. */
  GARBAGE('g'),
  /** Value id of an upload to which no commit refers. */
  UPLOAD('u'),
  /** Version to a point of the feed. */
  MARK('f');

  /** The facts, by the second byte of their key. */
  public enum Fact {
    EPOCH('e'),
    LATEST('l'),
    HORIZON('h'),
    OPENINGS('o'),
    LOADING('i'),
    LOADING_SNAPSHOT('n'),
    REWRITING('r'),
    TRUSTED('t');

    private final byte letter;

    Fact(char letter) {
      this.letter = (byte) letter;
    }

    public byte[] key() {
      return new byte[] {Upkeep.FACT.letter, letter};
    }
  }

  private final byte letter;

  Upkeep(char letter) {
    this.letter = (byte) letter;
  }

  /** Returns a key before every row of this kind. */
  byte[] start() {
    return new byte[] {letter};
  }

  /** Returns a key after every row of this kind. */
  byte[] end() {
    return new byte[] {(byte) (letter + 1)};
  }

  byte[] key(long first) {
    return buffer(Long.BYTES).putLong(first).array();
  }

  byte[] key(ValueId id) {
    return buffer(ValueId.BYTES).putLong(id.opening()).putLong(id.upload()).array();
  }

  byte[] key(long version, ValueId id) {
    return buffer(Long.BYTES + ValueId.BYTES)
        .putLong(version)
        .putLong(id.opening())
        .putLong(id.upload())
        .array();
  }

  /** Returns the key of the row for an entry. */
  byte[] key(byte[] entry) {
    return buffer(entry.length).put(entry).array();
  }

  byte[] key(long first, byte[] entry) {
    return buffer(Long.BYTES + entry.length).putLong(first).put(entry).array();
  }

  /** Returns a reader of the key that starts after its letter. */
  RowReader reader(byte[] key) {
    var reader = new RowReader(key, "the keys of upkeep");
    if (reader.u8() != letter) {
      throw reader.damaged("it is not of kind " + (char) letter);
    }
    return reader;
  }

  static Stored.Chunked chunked(byte[] row, String table) {
    var reader = new RowReader(row, table);
    Stored.Chunked value = reader.chunked();
    reader.end();
    return value;
  }

  /** Decodes the row of {@link Fact#LATEST}: the end of the feed, its start if there is no row. */
  static FeedPoint latest(byte @Nullable [] row, String table) {
    return row == null ? FeedPoint.START : FeedPoint.decode(row, table);
  }

  static long number(byte[] row, String table) {
    var reader = new RowReader(row, table);
    long number = reader.i64();
    reader.end();
    return number;
  }

  private ByteBuffer buffer(int more) {
    return ByteBuffer.allocate(1 + more).put(letter);
  }
}
