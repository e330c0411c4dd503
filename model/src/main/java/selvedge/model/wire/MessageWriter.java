package selvedge.model.wire;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.zip.CRC32C;
import selvedge.model.Bytes;
import selvedge.model.Change;
import selvedge.model.Entry;
import selvedge.model.Expiry;
import selvedge.model.Metadata;
import selvedge.model.Mutation;
import selvedge.model.NamespaceId;
import selvedge.model.Value;
import selvedge.model.Version;

/** Writes messages as frames, each with its length and its checksum. Belongs to one thread. */
public final class MessageWriter {
  /** A longer value follows its frame in chunks. */
  public static final int INLINE_BYTES = Frame.INLINE_BYTES_MAX;

  private final OutputStream out;
  private final ByteArrayOutputStream frame = new ByteArrayOutputStream();
  private final DataOutputStream data = new DataOutputStream(frame);
  private final CRC32C all = new CRC32C();

  /** How much of the next large value the reader has. */
  private long skipped;

  public MessageWriter(OutputStream out) {
    this.out = out;
  }

  public void write(Message message) throws IOException {
    switch (message) {
      case Message.Hello(long epoch, var version, String opening) -> {
        start(Frame.HELLO);
        data.writeLong(epoch);
        data.writeLong(version.number());
        if (!opening.isEmpty()) {
          bytes(Bytes.utf8(opening));
        }
        send();
      }
      case Message.Placed(NamespaceId namespace, Entry entry)
          when entry.value() instanceof Omitted ->
          outline(namespace, entry);
      case Message.Placed(NamespaceId namespace, Entry entry) -> placed(namespace, entry);
      case Message.Changed(Change change) -> changed(change);
      case Message.Requested(NamespaceId namespace, Mutation.Put put) -> {
        start(Frame.TIMED_PUT);
        namespace(namespace);
        Duration timeToLive = put.timeToLive();
        data.writeLong(timeToLive.getSeconds());
        data.writeInt(timeToLive.getNano());
        put(put.key().bytes(), Expiry.NEVER, put.metadata(), put.value());
      }
      case Message.Heartbeat(var version, var at) -> {
        start(Frame.HEARTBEAT);
        data.writeLong(version.number());
        data.writeLong(at.toEpochMilli());
        send();
      }
      case Message.End(long count, String reason) -> {
        start(Frame.END);
        data.writeLong(count);
        data.writeInt((int) all.getValue());
        bytes(Bytes.utf8(reason));
        send();
      }
    }
  }

  /**
   * Announces that the next message is about a large value of which the reader has the beginning:
   * the message is written as usual, but only the rest of the value follows it.
   *
   * @param version of the change or the entry that the next message is about
   * @param from how many bytes of the value are left out; less than its length
   */
  public void rest(Version version, long from) throws IOException {
    start(Frame.REST);
    data.writeLong(version.number());
    data.writeLong(from);
    send();
    skipped = from;
  }

  private void placed(NamespaceId namespace, Entry entry) throws IOException {
    start(Frame.PLACED);
    namespace(namespace);
    data.writeLong(entry.version().number());
    put(entry.key().bytes(), entry.expiry(), entry.metadata(), entry.value());
  }

  private void outline(NamespaceId namespace, Entry entry) throws IOException {
    start(Frame.OUTLINE);
    namespace(namespace);
    data.writeLong(entry.version().number());
    head(entry.key().bytes(), entry.expiry(), entry.metadata(), entry.value());
    send();
  }

  private void changed(Change change) throws IOException {
    switch (change.mutation()) {
      case Mutation.Put put -> {
        start(Frame.PUT);
        head(change);
        put(put.key().bytes(), put.expiry(), put.metadata(), put.value());
      }
      case Mutation.Delete(var key) -> {
        start(Frame.DELETE);
        head(change);
        bytes(key.bytes());
        send();
      }
      case Mutation.Clear(Bytes prefix) -> {
        start(Frame.CLEAR);
        head(change);
        bytes(prefix);
        send();
      }
    }
  }

  private void head(Change change) throws IOException {
    data.writeLong(change.version().number());
    Instant at = change.at();
    data.writeLong(at.getEpochSecond());
    data.writeInt(at.getNano());
    namespace(change.namespace());
  }

  private void put(Bytes key, Expiry expiry, Metadata metadata, Value value) throws IOException {
    head(key, expiry, metadata, value);
    boolean inline = value.length() <= Frame.INLINE_BYTES_MAX;
    if (inline) {
      data.write(value.bytes().toArray());
    }
    send();
    if (!inline) {
      chunks(value);
    }
  }

  private void head(Bytes key, Expiry expiry, Metadata metadata, Value value) throws IOException {
    bytes(key);
    data.writeLong(expiry instanceof Expiry.At(var instant) ? instant.toEpochMilli() : Frame.NEVER);
    bytes(metadata.stored());
    data.writeLong(value.length());
  }

  private void chunks(Value value) throws IOException {
    try (InputStream stream = value.open()) {
      stream.skipNBytes(skipped);
      skipped = 0;
      for (byte[] chunk = stream.readNBytes(Frame.INLINE_BYTES_MAX);
          chunk.length > 0;
          chunk = stream.readNBytes(Frame.INLINE_BYTES_MAX)) {
        start(Frame.CHUNK);
        data.write(chunk);
        send();
      }
    } catch (UncheckedIOException e) {
      throw e.getCause() == null ? new IOException(e) : e.getCause();
    }
  }

  private void namespace(NamespaceId namespace) throws IOException {
    data.write(namespace.hex().getBytes(StandardCharsets.US_ASCII));
  }

  private void bytes(Bytes bytes) throws IOException {
    data.writeInt(bytes.size());
    data.write(bytes.toArray());
  }

  private void start(int type) {
    frame.reset();
    frame.write(type);
  }

  private void send() throws IOException {
    byte[] payload = frame.toByteArray();
    var crc = new CRC32C();
    crc.update(payload);
    out.write(ByteBuffer.allocate(Integer.BYTES).putInt(payload.length).array());
    out.write(payload);
    byte[] checksum = ByteBuffer.allocate(Integer.BYTES).putInt((int) crc.getValue()).array();
    out.write(checksum);
    all.update(checksum);
  }

  public void flush() throws IOException {
    out.flush();
  }
}
