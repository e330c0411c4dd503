package selvedge.cluster;

import java.nio.ByteBuffer;
import selvedge.engine.form.Form;
import selvedge.model.Bytes;
import selvedge.model.StoreDamagedException;
import selvedge.model.StoreUnusableException;

/**
 * The bytes of entries of the replicated log: a form number, a kind, the term, then what the kind
 * needs.
 */
final class LogEntryCodec {
  /** The form of all entries that are not encrypted. */
  static final byte FORM = (byte) Form.LOG_ENTRY.oldest();

  private static final byte PART = 1;
  private static final byte CHANGES = 2;
  private static final byte CHUNK = 3;
  private static final byte ABANDONED = 4;
  private static final byte PROOF = 5;

  private LogEntryCodec() {}

  static byte[] encode(LogEntry entry) {
    return switch (entry) {
      case LogEntry.Part(long term, Bytes bytes) -> head(PART, term, bytes.size(), bytes);
      case LogEntry.Changes(long term, Bytes bytes) -> head(CHANGES, term, bytes.size(), bytes);
      case LogEntry.Chunk(long term, long upload, Bytes bytes) ->
          upload(CHUNK, term, upload, bytes);
      case LogEntry.Abandoned(long term, long upload) ->
          upload(ABANDONED, term, upload, Bytes.EMPTY);
      case LogEntry.Proof(long term) -> head(PROOF, term, 0, Bytes.EMPTY);
    };
  }

  private static byte[] head(byte kind, long term, int size, Bytes rest) {
    return ByteBuffer.allocate(2 + Long.BYTES + size)
        .put(FORM)
        .put(kind)
        .putLong(term)
        .put(rest.asReadOnlyBuffer())
        .array();
  }

  private static byte[] upload(byte kind, long term, long upload, Bytes rest) {
    return ByteBuffer.allocate(2 + 2 * Long.BYTES + rest.size())
        .put(FORM)
        .put(kind)
        .putLong(term)
        .putLong(upload)
        .put(rest.asReadOnlyBuffer())
        .array();
  }

  /**
   * Decodes an entry that is not encrypted.
   *
   * @throws StoreUnusableException if a newer release wrote it
   */
  static LogEntry decode(ByteBuffer bytes) {
    byte form = bytes.get();
    byte kind = bytes.get();
    if (form != FORM) {
      Form.LOG_ENTRY.require(form, "an entry of the log");
      throw new StoreDamagedException("an encrypted entry of the log has the form " + form);
    }
    long term = bytes.getLong();
    return switch (kind) {
      case PART -> new LogEntry.Part(term, rest(bytes));
      case CHANGES -> new LogEntry.Changes(term, rest(bytes));
      case CHUNK -> new LogEntry.Chunk(term, bytes.getLong(), rest(bytes));
      case ABANDONED -> new LogEntry.Abandoned(term, bytes.getLong());
      case PROOF -> new LogEntry.Proof(term);
      default -> throw new IllegalStateException("an entry of the log has the kind " + kind);
    };
  }

  private static Bytes rest(ByteBuffer bytes) {
    byte[] rest = new byte[bytes.remaining()];
    bytes.get(rest);
    return Bytes.adopt(rest);
  }
}
