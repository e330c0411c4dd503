package selvedge.engine.store.row;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import selvedge.model.Bytes;
import selvedge.model.Expiry;
import selvedge.model.Key;
import selvedge.model.Metadata;
import selvedge.model.NamespaceId;

/** The row of a change in the feed, under its version. */
public record FeedRow(Instant at, NamespaceId namespace, Action action) {
  private static final int PUT_INLINE = 1;
  private static final int PUT_CHUNKED = 2;
  private static final int DELETE = 3;
  private static final int CLEAR = 4;
  private static final int SEALED_PUT = 5;
  private static final int SEALED_DELETE = 6;
  private static final int SEALED_CLEAR = 7;
  private static final int FIXED = 1 + Long.BYTES + Integer.BYTES + KeySpace.NAMESPACE_BYTES;

  /** A mutation whose value is stored. */
  public sealed interface Action {

    record Put(Key key, Expiry expiry, Metadata metadata, Stored value) implements Action {}

    record Delete(Key key) implements Action {}

    record Clear(Bytes prefix) implements Action {}

    /**
     * An action that is encrypted but for its kind, key and expiry.
     *
     * @param subject the key, or the prefix of a clear
     * @param sealed the encrypted metadata and value of a put; of another action, a proof that it
     *     was made here
     * @param plain the action itself; null until it is decrypted
     */
    record Sealed(Kind kind, Bytes subject, Expiry expiry, Bytes sealed, @Nullable Action plain)
        implements Action {}
  }

  /** The kinds of encrypted actions. */
  enum Kind {
    PUT(SEALED_PUT),
    DELETE(SEALED_DELETE),
    CLEAR(SEALED_CLEAR);

    private final int number;

    Kind(int number) {
      this.number = number;
    }
  }

  public byte[] encode() {
    return switch (action) {
      case Action.Put(Key key, Expiry expiry, Metadata metadata, Stored value) ->
          writer(value instanceof Stored.Inline ? PUT_INLINE : PUT_CHUNKED, key.bytes())
              .expiry(expiry)
              .metadata(metadata)
              .stored(value)
              .row();
      case Action.Delete(Key key) -> writer(DELETE, key.bytes()).row();
      case Action.Clear(Bytes prefix) -> writer(CLEAR, prefix).row();
      case Action.Sealed(Kind kind, Bytes subject, Expiry expiry, Bytes sealed, Action _) -> {
        RowWriter writer = writer(kind.number, subject);
        if (kind == Kind.PUT) {
          writer.expiry(expiry);
        }
        yield writer.i32(sealed.size()).bytes(sealed).row();
      }
    };
  }

  /** Returns the size of the encoded row. */
  public int size() {
    return FIXED
        + Short.BYTES
        + switch (action) {
          case Action.Put(Key key, Expiry _, Metadata metadata, Stored value) ->
              key.bytes().size() + Long.BYTES + RowWriter.size(metadata) + RowWriter.size(value);
          case Action.Delete(Key key) -> key.bytes().size();
          case Action.Clear(Bytes prefix) -> prefix.size();
          case Action.Sealed(Kind kind, Bytes subject, Expiry _, Bytes sealed, Action _) ->
              subject.size() + (kind == Kind.PUT ? Long.BYTES : 0) + Integer.BYTES + sealed.size();
        };
  }

  private RowWriter writer(int kind, Bytes key) {
    return new RowWriter(size())
        .u8(kind)
        .i64(at.getEpochSecond())
        .i32(at.getNano())
        .namespace(namespace)
        .shortBytes(key);
  }

  public static FeedRow decode(byte[] row, String table) {
    var reader = new RowReader(row, table);
    int kind = reader.u8();
    Instant at = reader.instant();
    NamespaceId namespace = reader.namespace();
    Action action =
        switch (kind) {
          case PUT_INLINE ->
              new Action.Put(reader.key(), reader.expiry(), reader.metadata(), reader.inline());
          case PUT_CHUNKED ->
              new Action.Put(reader.key(), reader.expiry(), reader.metadata(), reader.chunked());
          case DELETE -> new Action.Delete(reader.key());
          case CLEAR -> new Action.Clear(reader.shortBytes());
          case SEALED_PUT ->
              new Action.Sealed(
                  Kind.PUT, reader.key().bytes(), reader.expiry(), reader.longBytes(), null);
          case SEALED_DELETE ->
              new Action.Sealed(
                  Kind.DELETE, reader.key().bytes(), Expiry.NEVER, reader.longBytes(), null);
          case SEALED_CLEAR ->
              new Action.Sealed(
                  Kind.CLEAR, reader.shortBytes(), Expiry.NEVER, reader.longBytes(), null);
          default -> throw reader.damaged("a change is of kind " + kind);
        };
    reader.end();
    return new FeedRow(at, namespace, action);
  }
}
