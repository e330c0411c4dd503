package selvedge.engine.store.row;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import org.jspecify.annotations.Nullable;
import selvedge.engine.encryption.DataKeys;
import selvedge.engine.store.row.FeedRow.Action;
import selvedge.engine.store.row.FeedRow.Kind;
import selvedge.model.Bytes;
import selvedge.model.Expiry;
import selvedge.model.Key;
import selvedge.model.Metadata;
import selvedge.model.StoreDamagedException;
import selvedge.model.Version;

/**
 * Encrypts the rows of a store. A row that was moved to another key, namespace, version or store
 * cannot be decrypted.
 *
 * <p>A put is encrypted once, for the journal and the table of entries. Safe for use by many
 * threads.
 */
public final class RowSeal {
  /** The seal of a store that is not encrypted. */
  public static final RowSeal OFF = new RowSeal(null);

  private static final byte PUT = 'p';
  private static final byte DELETE = 'd';
  private static final byte CLEAR = 'x';
  private static final byte INDEX = 'i';
  private static final byte CHUNK = 'c';
  private static final byte[] NOTHING = {};
  private static final byte RAW = 0;
  private static final byte COMPRESSED = 1;

  private final @Nullable DataKeys keys;
  private final Compression compression = new Compression();

  private RowSeal(@Nullable DataKeys keys) {
    this.keys = keys;
  }

  /** Returns a seal that encrypts under data keys. */
  public static RowSeal under(DataKeys keys) {
    return new RowSeal(keys);
  }

  /** Whether rows are encrypted. */
  public boolean isOn() {
    return keys != null;
  }

  private DataKeys keys() {
    DataKeys on = keys;
    if (on == null) {
      throw new IllegalStateException("the store is not encrypted");
    }
    return on;
  }

  /** Throws {@link StoreDamagedException} if every row of the store must be encrypted. */
  void requirePlainAllowed(RowReader row) {
    if (keys != null && !keys.isMixed()) {
      throw row.damaged("it is not encrypted, as every row of this store must be");
    }
  }

  static int keyNumber(byte[] row, int offset) {
    return DataKeys.number(Arrays.copyOfRange(row, offset, offset + Integer.BYTES));
  }

  /** Encrypts a change for the journal; without encryption, returns it as it is. */
  public JournalRow seal(JournalRow row) {
    FeedRow change = row.change();
    if (keys == null || change.action() instanceof Action.Sealed) {
      return row;
    }
    Action sealed =
        switch (change.action()) {
          case Action.Put put -> {
            byte[] entry = KeySpace.entry(change.namespace(), put.key().bytes());
            Bytes text = sealPut(entry, row.version(), put.expiry(), put.metadata(), put.value());
            yield new Action.Sealed(Kind.PUT, put.key().bytes(), put.expiry(), text, put);
          }
          case Action.Delete delete -> prove(row, Kind.DELETE, delete.key().bytes(), delete);
          case Action.Clear clear -> prove(row, Kind.CLEAR, clear.prefix(), clear);
          case Action.Sealed already -> already;
        };
    return new JournalRow(row.version(), new FeedRow(change.at(), change.namespace(), sealed));
  }

  private Action prove(JournalRow row, Kind kind, Bytes subject, Action action) {
    byte[] proof = keys().encrypt(NOTHING, context(row, kind, subject));
    return new Action.Sealed(kind, subject, Expiry.NEVER, Bytes.adopt(proof), action);
  }

  private static byte[] context(JournalRow row, Kind kind, Bytes subject) {
    byte[] entry = KeySpace.entry(row.change().namespace(), subject);
    return context(kind == Kind.DELETE ? DELETE : CLEAR, row.version(), Expiry.NEVER, 0, entry);
  }

  private static byte[] context(
      byte purpose, Version version, Expiry expiry, long length, byte[] entry) {
    return ByteBuffer.allocate(1 + 3 * Long.BYTES + entry.length)
        .put(purpose)
        .putLong(version.number())
        .putLong(RowWriter.millis(expiry))
        .putLong(length)
        .put(entry)
        .array();
  }

  /**
   * Decrypts a change of the journal; returns one that is not encrypted as it is.
   *
   * @param journal the place of the row, for messages
   * @return the change with its plain action, beside the encrypted one if there is one
   */
  public JournalRow open(JournalRow row, String journal) {
    FeedRow change = row.change();
    if (!(change.action() instanceof Action.Sealed sealed)) {
      if (keys != null && !keys.isMixed()) {
        throw new StoreDamagedException(
            "change "
                + row.version()
                + " in "
                + journal
                + " is not encrypted, as every change of this store must be");
      }
      return row;
    }
    if (sealed.plain() != null) {
      return row;
    }
    byte[] entry = KeySpace.entry(change.namespace(), sealed.subject());
    Action plain =
        switch (sealed.kind()) {
          case PUT -> {
            Content content =
                openPut(entry, row.version(), sealed.expiry(), sealed.sealed(), journal);
            yield new Action.Put(
                new Key(sealed.subject()), sealed.expiry(), content.metadata(), content.value());
          }
          case DELETE -> {
            requireProof(row, sealed, journal);
            yield new Action.Delete(new Key(sealed.subject()));
          }
          case CLEAR -> {
            requireProof(row, sealed, journal);
            yield new Action.Clear(sealed.subject());
          }
        };
    var opened =
        new Action.Sealed(sealed.kind(), sealed.subject(), sealed.expiry(), sealed.sealed(), plain);
    return new JournalRow(row.version(), new FeedRow(change.at(), change.namespace(), opened));
  }

  private void requireProof(JournalRow row, Action.Sealed sealed, String journal) {
    decrypt(sealed.sealed().toArray(), context(row, sealed.kind(), sealed.subject()), journal);
  }

  /** Returns the action of a change that was {@linkplain #open opened}. */
  public static Action plain(JournalRow opened) {
    Action action = opened.change().action();
    if (action instanceof Action.Sealed sealed) {
      Action plain = sealed.plain();
      if (plain == null) {
        throw new IllegalStateException("the change has not been decrypted");
      }
      return plain;
    }
    return action;
  }

  /**
   * Encrypts metadata and value of an entry.
   *
   * @param entry the key of the row
   */
  public Bytes sealPut(
      byte[] entry, Version version, Expiry expiry, Metadata metadata, Stored value) {
    byte[] text = new Content(metadata, value).encode(compression);
    return Bytes.adopt(keys().encrypt(text, context(PUT, version, expiry, 0, entry)));
  }

  Content openPut(byte[] entry, Version version, Expiry expiry, Bytes sealed, String table) {
    byte[] context = context(PUT, version, expiry, 0, entry);
    return Content.decode(decrypt(sealed.toArray(), context, table), table);
  }

  Bytes sealIndex(byte[] entry, IndexRow row) {
    byte[] context = context(INDEX, row.version(), row.expiry(), row.valueBytes(), entry);
    return Bytes.adopt(keys().encrypt(row.metadata().stored().toArray(), context));
  }

  IndexRow openIndex(byte[] entry, IndexRow row, Bytes sealed, RowReader reader) {
    byte[] context = context(INDEX, row.version(), row.expiry(), row.valueBytes(), entry);
    byte[] text = decrypt(sealed.toArray(), context, reader.table());
    return new IndexRow(
        row.version(), row.expiry(), row.valueBytes(), Metadata.stored(Bytes.adopt(text)));
  }

  /**
   * Encrypts a chunk of a large value. The result never has the size of the chunk, so the size
   * distinguishes a chunk that is not encrypted.
   */
  public byte[] sealChunk(ValueId id, int number, Bytes chunk) {
    byte[] compressed = compression.compress(chunk).orElse(null);
    if (compressed == null || 1 + compressed.length + DataKeys.OVERHEAD == chunk.size()) {
      return sealChunk(id, number, RAW, chunk.toArray());
    }
    return sealChunk(id, number, COMPRESSED, compressed);
  }

  private byte[] sealChunk(ValueId id, int number, byte form, byte[] bytes) {
    byte[] text = new byte[1 + bytes.length];
    text[0] = form;
    System.arraycopy(bytes, 0, text, 1, bytes.length);
    return keys().encrypt(text, context(id, number));
  }

  private static byte[] context(ValueId id, int number) {
    return ByteBuffer.allocate(1 + ValueId.BYTES + Integer.BYTES)
        .put(CHUNK)
        .putLong(id.opening())
        .putLong(id.upload())
        .putInt(number)
        .array();
  }

  /**
   * Decrypts a chunk.
   *
   * @param size of the chunk, as the row of its entry has it
   */
  public byte[] openChunk(ValueId id, int number, byte[] row, int size, String table) {
    if (row.length == size) {
      requirePlainAllowed(new RowReader(row, table));
      return row;
    }
    byte[] text = decrypt(row, context(id, number), table);
    try {
      byte[] chunk =
          text[0] == COMPRESSED
              ? Compression.decompress(text, 1, size)
              : Arrays.copyOfRange(text, 1, text.length);
      if (chunk.length == size) {
        return chunk;
      }
      throw new DataFormatException("it has " + chunk.length + " bytes and should have " + size);
    } catch (DataFormatException e) {
      throw new StoreDamagedException(
          "chunk "
              + number
              + " of value "
              + id
              + " in "
              + table
              + " is damaged: "
              + e.getMessage());
    }
  }

  /**
   * Returns the number of the data key that a chunk is encrypted under, 0 for none.
   *
   * @param size of the chunk, as the row of its entry has it
   */
  public static int chunkKeyNumber(byte[] row, int size) {
    return row.length == size ? 0 : DataKeys.number(row);
  }

  private byte[] decrypt(byte[] sealed, byte[] context, String table) {
    DataKeys on = keys;
    if (on == null) {
      throw new StoreDamagedException("a row of " + table + " is damaged: it is encrypted");
    }
    try {
      return on.decrypt(sealed, context);
    } catch (GeneralSecurityException e) {
      throw new StoreDamagedException(
          "a row of "
              + table
              + " is damaged: it was not encrypted for this place ("
              + e.getMessage()
              + ")",
          e);
    }
  }
}
