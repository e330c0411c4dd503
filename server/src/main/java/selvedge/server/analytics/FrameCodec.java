package selvedge.server.analytics;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;
import selvedge.model.Bytes;
import selvedge.model.NamespaceId;
import selvedge.server.api.BytesBuilder;

/** The bytes of frames, as docs/reference/storage.md describes them. Stateless. */
final class FrameCodec {
  static final int HEAD_BYTES = 8;
  private static final int FORMAT = 1;
  private static final int ID_BYTES = 16;
  private static final int ROOM = 512;
  private static final int BITS = 7;
  private static final int MORE = 0x80;
  private static final int LOW = 0x7f;

  private FrameCodec() {}

  /** Returns a frame with its length and checksum. */
  static Bytes encode(Frame frame) {
    var content = new BytesBuilder(ROOM);
    content.add(FORMAT);
    number(content, frame.start());
    number(content, frame.number());
    text(content, frame.source());
    number(content, frame.sourceNumber());
    number(content, frame.rows().size());
    frame.rows().forEach(row -> row(content, row));
    number(content, frame.stored().size());
    for (Stored stored : frame.stored()) {
      id(content, stored.namespace());
      number(content, stored.keys());
      number(content, stored.bytes());
    }
    var head = ByteBuffer.allocate(HEAD_BYTES);
    head.putInt(content.size()).putInt(checksum(content.array(), content.size()));
    return Bytes.adopt(head.array()).plus(content.bytes());
  }

  /** Returns the number of bytes that a row takes in a frame. */
  static int size(Row row) {
    var content = new BytesBuilder(ROOM);
    row(content, row);
    return content.size();
  }

  private static int checksum(byte[] content, int length) {
    var checksum = new CRC32C();
    checksum.update(content, 0, length);
    return (int) checksum.getValue();
  }

  private static void row(BytesBuilder to, Row row) {
    id(to, row.namespace());
    text(to, row.place());
    to.add(row.operation().code());
    number(to, row.status());
    number(to, row.bytesIn());
    number(to, row.bytesOut());
    int[] buckets = {0};
    row.durations().visit((_, _) -> buckets[0]++);
    number(to, buckets[0]);
    int[] last = {0};
    row.durations()
        .visit(
            (bucket, count) -> {
              number(to, bucket - last[0]);
              number(to, count);
              last[0] = bucket;
            });
  }

  private static void id(BytesBuilder to, NamespaceId id) {
    to.add(Bytes.adopt(HexFormat.of().parseHex(id.hex())));
  }

  private static void text(BytesBuilder to, String text) {
    Bytes bytes = Bytes.utf8(text);
    number(to, bytes.size());
    to.add(bytes);
  }

  /** Seven bits in each byte, the lowest first; the highest bit says that another byte follows. */
  private static void number(BytesBuilder to, long number) {
    long rest = number;
    while ((rest & ~LOW) != 0) {
      to.add((int) (rest & LOW) | MORE);
      rest >>>= BITS;
    }
    to.add((int) rest);
  }

  /** Reads the next frame of a file; empty where the file ends or is damaged. */
  static Optional<Frame> decode(ByteBuffer from) {
    if (from.remaining() < HEAD_BYTES) {
      return Optional.empty();
    }
    int length = from.getInt();
    int checksum = from.getInt();
    if (length <= 0 || length > from.remaining()) {
      return Optional.empty();
    }
    byte[] content = new byte[length];
    from.get(content);
    return checksum == checksum(content, length)
        ? content(ByteBuffer.wrap(content))
        : Optional.empty();
  }

  private static Optional<Frame> content(ByteBuffer from) {
    try {
      if (from.get() != FORMAT) {
        return Optional.empty();
      }
      long start = number(from);
      long number = number(from);
      String source = text(from);
      long sourceNumber = number(from);
      List<Row> rows = new ArrayList<>();
      for (long left = number(from); left > 0; left--) {
        rows.add(row(from));
      }
      List<Stored> stored = new ArrayList<>();
      for (long left = number(from); left > 0; left--) {
        stored.add(new Stored(id(from), number(from), number(from)));
      }
      return Optional.of(new Frame(start, number, source, sourceNumber, rows, stored));
    } catch (BufferUnderflowException | IndexOutOfBoundsException e) {
      return Optional.empty();
    }
  }

  private static Row row(ByteBuffer from) {
    NamespaceId namespace = id(from);
    String place = text(from);
    Operation operation = Operation.at(from.get());
    int status = (int) number(from);
    long in = number(from);
    long out = number(from);
    var durations = new Sketch();
    int bucket = 0;
    for (long left = number(from); left > 0; left--) {
      bucket = Math.addExact(bucket, (int) number(from));
      if (bucket < 0 || bucket >= Sketch.BUCKETS) {
        throw new IndexOutOfBoundsException(bucket);
      }
      durations.add(bucket, number(from));
    }
    return new Row(namespace, place, operation, status, in, out, durations);
  }

  private static NamespaceId id(ByteBuffer from) {
    byte[] id = new byte[ID_BYTES];
    from.get(id);
    return new NamespaceId(HexFormat.of().formatHex(id));
  }

  private static String text(ByteBuffer from) {
    long length = number(from);
    if (length < 0 || length > from.remaining()) {
      throw new BufferUnderflowException();
    }
    byte[] text = new byte[(int) length];
    from.get(text);
    return Bytes.adopt(text).utf8();
  }

  private static long number(ByteBuffer from) {
    long number = 0;
    for (int shift = 0; shift < Long.SIZE; shift += BITS) {
      byte next = from.get();
      number |= (long) (next & LOW) << shift;
      if (next >= 0) {
        return number;
      }
    }
    throw new BufferUnderflowException();
  }
}
