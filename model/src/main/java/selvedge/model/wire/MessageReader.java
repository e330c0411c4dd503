package selvedge.model.wire;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import selvedge.model.Bytes;
import selvedge.model.Change;
import selvedge.model.Entry;
import selvedge.model.Expiry;
import selvedge.model.Key;
import selvedge.model.Metadata;
import selvedge.model.Mutation;
import selvedge.model.NamespaceId;
import selvedge.model.SelvedgeException;
import selvedge.model.Value;
import selvedge.model.Version;

/**
 * Reads messages as they come. Belongs to one thread.
 *
 * <p>A frame that is not what was written is a {@link MalformedFrameException}: the reader asks
 * again from where it has got to.
 */
public final class MessageReader {
  private static final String INVALID = "a frame makes no sense";

  /** Reads large values into memory. */
  public static final LargeValues IN_MEMORY =
      (namespace, length, stream) -> Bytes.adopt(stream.readAllBytes());

  private final DataInputStream in;
  private final Resumed large;
  private final CRC32C all = new CRC32C();
  private int before;

  /** What the next message continues, and how much of it came before. */
  private Version continued = Version.NONE;

  private long from;

  /** Takes in a value that is too long for one frame. */
  public interface LargeValues {

    /** Reads the stream to its end. */
    Value take(NamespaceId namespace, long length, InputStream stream) throws IOException;
  }

  /**
   * A value that is too long for one frame.
   *
   * @param version of the change or the entry that it belongs to
   * @param length of all of it
   * @param from how many bytes of it came before, over another connection
   */
  public record Large(NamespaceId namespace, Version version, long length, long from) {}

  /**
   * Takes in values that are too long for one frame, of which the beginning may have come before.
   */
  public interface Resumed {

    /** Reads the rest of the value, to the end of the stream. */
    Value take(Large value, InputStream rest) throws IOException;
  }

  /** Reads what was asked for from its beginning. */
  public MessageReader(InputStream in, LargeValues large) {
    this(in, (value, rest) -> whole(large, value, rest));
  }

  private static Value whole(LargeValues large, Large value, InputStream rest) throws IOException {
    if (value.from() > 0) {
      throw new MalformedFrameException("the rest of a value whose beginning never came");
    }
    return large.take(value.namespace(), value.length(), rest);
  }

  /** Reads what may continue a value that broke off before. */
  public MessageReader(InputStream in, Resumed large) {
    this.in = new DataInputStream(in);
    this.large = large;
  }

  /** Takes in the entries of a snapshot, or of an answer to a question. */
  public interface Entries {
    void add(NamespaceId namespace, Entry entry) throws IOException;
  }

  /** The greeting with which everything begins. */
  public Message.Hello greeting() throws IOException {
    if (next() instanceof Message.Hello hello) {
      return hello;
    }
    throw new MalformedFrameException("what does not begin with a greeting is no answer");
  }

  /** The entries behind the greeting, up to an end that tells as many and no reason. */
  public void entries(Entries entries) throws IOException {
    long count = 0;
    Message next = next();
    while (next instanceof Message.Placed placed) {
      entries.add(placed.namespace(), placed.entry());
      count++;
      next = next();
    }
    if (!(next instanceof Message.End end)) {
      throw new MalformedFrameException("this does not belong among entries: " + next);
    }
    if (end.count() != count || !end.reason().isEmpty()) {
      throw new MalformedFrameException(
          "the entries end after " + count + " of " + end.count() + ": " + end.reason());
    }
  }

  /** The next message; an {@link EOFException} where the other side breaks off. */
  public Message next() throws IOException {
    ByteBuffer frame = frame();
    try {
      if (frame.get(0) == Frame.REST) {
        continued = new Version(frame.getLong(1));
        from = frame.getLong(1 + Long.BYTES);
        frame = frame();
      }
      Message message = message(frame);
      if (from != 0) {
        throw new MalformedFrameException("what was to continue a value does not");
      }
      return message;
    } catch (BufferUnderflowException
        | IndexOutOfBoundsException
        | IllegalArgumentException
        | ArithmeticException
        | DateTimeException e) {
      throw new MalformedFrameException(INVALID, e);
    } catch (SelvedgeException e) {
      // A failure to store a value, such as a full disk, is no fault of the frame.
      if (e.remedy() == SelvedgeException.Remedy.CALLER) {
        throw new MalformedFrameException(INVALID, e);
      }
      throw new IOException(e.getMessage(), e);
    }
  }

  private ByteBuffer frame() throws IOException {
    int length = in.readInt();
    if (length < 1 || length > Frame.PAYLOAD_BYTES_MAX) {
      throw new MalformedFrameException("a frame of " + length + " bytes");
    }
    byte[] payload = new byte[length];
    in.readFully(payload);
    var crc = new CRC32C();
    crc.update(payload);
    int checksum = in.readInt();
    if (checksum != (int) crc.getValue()) {
      throw new MalformedFrameException("a frame was changed on its way");
    }
    before = (int) all.getValue();
    all.update(ByteBuffer.allocate(Integer.BYTES).putInt(checksum).array());
    return ByteBuffer.wrap(payload);
  }

  private Message message(ByteBuffer frame) throws IOException {
    int type = frame.get();
    return switch (type) {
      case Frame.HELLO ->
          new Message.Hello(
              frame.getLong(), version(frame), frame.hasRemaining() ? bytes(frame).utf8() : "");
      case Frame.PLACED -> placed(frame, this::value);
      case Frame.OUTLINE ->
          placed(frame, (namespace, version, rest) -> new Omitted(rest.getLong()));
      case Frame.PUT -> {
        Head head = Head.of(frame);
        yield head.with(put(head.namespace(), head.version(), frame, this::value));
      }
      case Frame.TIMED_PUT -> requested(frame);
      case Frame.DELETE -> Head.of(frame).with(new Mutation.Delete(new Key(bytes(frame))));
      case Frame.CLEAR -> Head.of(frame).with(new Mutation.Clear(bytes(frame)));
      case Frame.HEARTBEAT ->
          new Message.Heartbeat(
              version(frame), ClockTime.require(Instant.ofEpochMilli(frame.getLong())));
      case Frame.END -> end(frame);
      default -> throw new UnknownFrameException(type);
    };
  }

  private Message end(ByteBuffer frame) throws IOException {
    long count = frame.getLong();
    if (frame.getInt() != before) {
      throw new MalformedFrameException("the frames are not those that were sent");
    }
    return new Message.End(count, bytes(frame).utf8());
  }

  /** What every change begins with. */
  private record Head(Version version, Instant at, NamespaceId namespace) {
    static Head of(ByteBuffer frame) {
      return new Head(
          MessageReader.version(frame),
          ClockTime.require(Instant.ofEpochSecond(frame.getLong(), frame.getInt())),
          MessageReader.namespace(frame));
    }

    Message with(Mutation mutation) {
      return new Message.Changed(new Change(version, at, namespace, mutation));
    }
  }

  /** Reads the value at the end of a frame. */
  private interface Values {
    Value read(NamespaceId namespace, Version version, ByteBuffer frame) throws IOException;
  }

  private static Message placed(ByteBuffer frame, Values values) throws IOException {
    NamespaceId namespace = namespace(frame);
    Version version = version(frame);
    Mutation.Put put = put(namespace, version, frame, values);
    return new Message.Placed(
        namespace, new Entry(put.key(), put.value(), put.metadata(), put.expiry(), version));
  }

  private static Mutation.Put put(
      NamespaceId namespace, Version version, ByteBuffer frame, Values values) throws IOException {
    var key = new Key(bytes(frame));
    long millis = frame.getLong();
    Expiry expiry = millis == Frame.NEVER ? Expiry.NEVER : Expiry.at(Instant.ofEpochMilli(millis));
    Metadata metadata = Metadata.stored(bytes(frame));
    return new Mutation.Put(key, values.read(namespace, version, frame), metadata, expiry);
  }

  private Value value(NamespaceId namespace, Version version, ByteBuffer frame) throws IOException {
    long length = frame.getLong();
    if (length > Frame.INLINE_BYTES_MAX) {
      long start = from;
      from = 0;
      if (start < 0 || start >= length || (start > 0 && !version.equals(continued))) {
        throw new MalformedFrameException("the rest of another value");
      }
      return large.take(
          new Large(namespace, version, length, start), new ChunkFrames(length - start));
    }
    if (length < 0) {
      throw new MalformedFrameException("a value of " + length + " bytes");
    }
    byte[] value = new byte[Math.toIntExact(length)];
    frame.get(value);
    return Bytes.adopt(value);
  }

  private Message requested(ByteBuffer frame) throws IOException {
    NamespaceId namespace = namespace(frame);
    var timeToLive = Duration.ofSeconds(frame.getLong(), frame.getInt());
    Mutation.Put put = put(namespace, Version.NONE, frame, this::value);
    return new Message.Requested(
        namespace,
        new Mutation.Put(put.key(), put.value(), put.metadata(), put.expiry(), timeToLive));
  }

  private static Version version(ByteBuffer frame) {
    return new Version(frame.getLong());
  }

  private static NamespaceId namespace(ByteBuffer frame) {
    byte[] hex = new byte[32];
    frame.get(hex);
    return new NamespaceId(new String(hex, StandardCharsets.US_ASCII));
  }

  private static Bytes bytes(ByteBuffer frame) {
    int length = frame.getInt();
    if (length < 0 || length > frame.remaining()) {
      throw new IllegalArgumentException("a piece of " + length + " bytes");
    }
    byte[] bytes = new byte[length];
    frame.get(bytes);
    return Bytes.adopt(bytes);
  }

  /** The frames that follow one whose value is too long for it. */
  private final class ChunkFrames extends InputStream {
    private long left;
    private @Nullable ByteBuffer chunk;

    ChunkFrames(long length) {
      this.left = length;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      if (left == 0) {
        return -1;
      }
      ByteBuffer current = chunk;
      if (current == null || !current.hasRemaining()) {
        current = frame();
        chunk = current;
        if (current.get() != Frame.CHUNK || current.remaining() > left) {
          throw new MalformedFrameException("a value breaks off " + left + " bytes early");
        }
      }
      int count = Math.min(length, current.remaining());
      current.get(target, offset, count);
      left -= count;
      return count;
    }
  }
}
