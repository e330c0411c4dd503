package selvedge.model.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import selvedge.model.Bytes;
import selvedge.model.Change;
import selvedge.model.Entry;
import selvedge.model.Expiry;
import selvedge.model.Key;
import selvedge.model.Metadata;
import selvedge.model.Mutation;
import selvedge.model.NamespaceId;
import selvedge.model.StorageFullException;
import selvedge.model.Version;

final class MessageTest {
  private static final Pattern EXAMPLE = Pattern.compile("(?m)^example ([a-z]+): ([0-9a-f]+)$");
  private static final NamespaceId NAMESPACE = new NamespaceId("0123456789abcdef0123456789abcdef");
  private static final Version VERSION = new Version(42);
  private static final Instant AT = Instant.parse("2026-11-21T12:00:00.123456789Z");
  private static final Key KEY = Key.of("greeting");
  private static final Expiry EXPIRY = Expiry.at(Instant.parse("2027-01-01T00:00:00Z"));
  private static final Metadata METADATA = Metadata.json("{\"a\":1}");
  private static final Bytes HELLO = Bytes.utf8("hello");
  private static final Bytes LARGE = large();

  private final Map<String, Message> examples = new LinkedHashMap<>();

  MessageTest() {
    examples.put("hello", new Message.Hello(7, VERSION));
    examples.put("opening", new Message.Hello(7, VERSION, "00000000000000ab 7 40 41"));
    examples.put(
        "placed", new Message.Placed(NAMESPACE, new Entry(KEY, HELLO, METADATA, EXPIRY, VERSION)));
    examples.put("put", change(new Mutation.Put(KEY, HELLO, METADATA, EXPIRY)));
    examples.put("delete", change(new Mutation.Delete(KEY)));
    examples.put("clear", change(new Mutation.Clear(Bytes.utf8("gr"))));
    examples.put(
        "heartbeat", new Message.Heartbeat(VERSION, Instant.parse("2026-11-21T12:00:00Z")));
    examples.put(
        "outline",
        new Message.Placed(
            NAMESPACE, new Entry(KEY, new Omitted(3_000_000), METADATA, EXPIRY, VERSION)));
    examples.put(
        "timed",
        new Message.Requested(
            NAMESPACE,
            new Mutation.Put(
                KEY,
                Bytes.utf8("hello"),
                METADATA,
                Expiry.NEVER,
                Duration.ofSeconds(90, 500_000_000))));
    examples.put("end", new Message.End(3, "the server is stopping"));
  }

  private static Message change(Mutation mutation) {
    return new Message.Changed(new Change(VERSION, AT, NAMESPACE, mutation));
  }

  private static Bytes large() {
    byte[] bytes = new byte[700_001];
    new Random(1).nextBytes(bytes);
    return Bytes.adopt(bytes);
  }

  private static byte[] written(Iterable<Message> messages) throws IOException {
    var out = new ByteArrayOutputStream();
    var writer = new MessageWriter(out);
    for (Message message : messages) {
      writer.write(message);
    }
    return out.toByteArray();
  }

  private static MessageReader reader(byte[] bytes) {
    return new MessageReader(new ByteArrayInputStream(bytes), MessageReader.IN_MEMORY);
  }

  @Test
  void readsWrittenMessages() throws IOException {
    List<Message> messages = new ArrayList<>(examples.values());
    messages.add(change(new Mutation.Put(KEY, LARGE, Metadata.NONE, Expiry.NEVER)));
    messages.add(change(new Mutation.Put(KEY, Bytes.EMPTY, Metadata.NONE, Expiry.NEVER)));
    MessageReader reader = reader(written(messages));
    for (Message message : messages) {
      assertThat(reader.next()).isEqualTo(message);
    }
    assertThatThrownBy(reader::next).isInstanceOf(EOFException.class);
  }

  @Test
  void refusesATimeThatNoClockShows() throws IOException {
    for (String year : List.of("-0001", "+10000", "+1000000000")) {
      Instant time = Instant.parse(year + "-12-31T00:00:00Z");
      var change = new Change(VERSION, time, NAMESPACE, new Mutation.Delete(KEY));
      assertThatThrownBy(reader(written(List.of(new Message.Changed(change))))::next)
          .isInstanceOf(MalformedFrameException.class)
          .hasRootCauseMessage("a clock shows a time from 1970 to 9999, got " + time);
    }
    Message heartbeat = new Message.Heartbeat(VERSION, Instant.ofEpochMilli(Long.MAX_VALUE));
    assertThatThrownBy(reader(written(List.of(heartbeat)))::next)
        .isInstanceOf(MalformedFrameException.class);
  }

  @Test
  void aFullDiskIsReportedAsSuch() throws IOException {
    byte[] bytes = written(List.of(change(new Mutation.Put(KEY, LARGE, METADATA, EXPIRY))));
    var reader =
        new MessageReader(
            new ByteArrayInputStream(bytes),
            (value, rest, begun) -> {
              throw new StorageFullException("the disk is full", new IOException());
            });

    assertThatThrownBy(reader::next).isInstanceOf(IOException.class).hasMessage("the disk is full");
  }

  @Test
  void aFlippedBitOrALostEndIsNeverAnotherMessage() throws IOException {
    byte[] bytes = written(List.of(examples.get("put")));
    for (int i = 0; i < bytes.length; i++) {
      for (int bit = 0; bit < 8; bit++) {
        byte[] flipped = bytes.clone();
        flipped[i] ^= (byte) (1 << bit);
        assertThatThrownBy(reader(flipped)::next).isInstanceOf(IOException.class);
      }
      byte[] cut = Arrays.copyOf(bytes, i);
      assertThatThrownBy(reader(cut)::next).isInstanceOf(IOException.class);
    }
  }

  @Test
  void detectsLostAndMovedFramesAtTheEnd() throws IOException {
    byte[] hello = written(List.of(examples.get("hello")));
    byte[] delete = written(List.of(examples.get("delete")));
    byte[] clear = written(List.of(examples.get("clear")));
    byte[] whole =
        written(
            List.of(
                examples.get("hello"),
                examples.get("delete"),
                examples.get("clear"),
                new Message.End(2, "")));
    byte[] end =
        Arrays.copyOfRange(whole, hello.length + delete.length + clear.length, whole.length);
    assertThat(read(hello, delete, clear, end)).isEqualTo(4);
    assertThatThrownBy(() -> read(hello, clear, delete, end)).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> read(hello, delete, end)).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> read(hello, delete, delete, end)).isInstanceOf(IOException.class);
  }

  private static int read(byte[]... frames) throws IOException {
    var all = new ByteArrayOutputStream();
    for (byte[] frame : frames) {
      all.write(frame);
    }
    MessageReader reader = reader(all.toByteArray());
    int count = 1;
    while (!(reader.next() instanceof Message.End)) {
      count++;
    }
    return count;
  }

  @Test
  void detectsATruncatedLargeValue() throws IOException {
    byte[] bytes =
        written(List.of(change(new Mutation.Put(KEY, LARGE, Metadata.NONE, Expiry.NEVER))));
    byte[] cut = Arrays.copyOf(bytes, bytes.length - 1000);
    assertThatThrownBy(reader(cut)::next).isInstanceOf(IOException.class);
    byte[] foreign = written(List.of(examples.get("end")));
    byte[] mixed = Arrays.copyOf(bytes, 300_000 + foreign.length);
    System.arraycopy(foreign, 0, mixed, 300_000, foreign.length);
    assertThatThrownBy(reader(mixed)::next).isInstanceOf(IOException.class);
  }

  @Test
  void readsALargeValueInPieces() throws IOException {
    byte[] bytes =
        written(List.of(change(new Mutation.Put(KEY, LARGE, Metadata.NONE, Expiry.NEVER))));
    var in = new ByteArrayInputStream(bytes);
    List<Integer> left = new ArrayList<>();
    var reader =
        new MessageReader(
            in,
            (namespace, length, stream) -> {
              left.add(in.available());
              return slowly(stream);
            });
    assertThat(reader.next())
        .isEqualTo(change(new Mutation.Put(KEY, LARGE, Metadata.NONE, Expiry.NEVER)));
    assertThat(left.getFirst()).isGreaterThan(700_000);
  }

  private static Bytes slowly(InputStream stream) throws IOException {
    var out = new ByteArrayOutputStream();
    for (int next = stream.read(); next >= 0; next = stream.read()) {
      out.write(next);
    }
    return Bytes.adopt(out.toByteArray());
  }

  @Test
  void writesTheExamplesOfTheSpecification() throws IOException {
    Map<String, String> documented = new TreeMap<>();
    Matcher matcher =
        EXAMPLE.matcher(Files.readString(Path.of("../docs/reference/replication.md")));
    while (matcher.find()) {
      documented.put(matcher.group(1), matcher.group(2));
    }
    Map<String, String> written = new TreeMap<>();
    for (Map.Entry<String, Message> each : examples.entrySet()) {
      written.put(each.getKey(), HexFormat.of().formatHex(written(List.of(each.getValue()))));
    }
    assertThat(documented).isEqualTo(written);
  }
}
