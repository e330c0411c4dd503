package selvedge.verification.faults;

import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import selvedge.verification.process.RawHttp2Client;

/**
 * A case of h2spec 2.6: what a client sends on a connection, and what a server must do. The file is
 * long because it is the list of all cases.
 *
 * @param id the section and the number in it
 */
record Http2Case(String id, String what, Script script, Expected expected) {
  static final int NO_ERROR = 0;
  static final int PROTOCOL_ERROR = 1;
  static final int FLOW_CONTROL_ERROR = 3;
  static final int STREAM_CLOSED = 5;
  static final int FRAME_SIZE_ERROR = 6;
  static final int REFUSED_STREAM = 7;
  static final int COMPRESSION_ERROR = 9;

  /** A field without an index. */
  private static final String TRAILER = "0001740161";

  private static final int PADDED = 8;
  private static final int PRIORITIZED = 0x20;
  private static final int FRAME_BYTES = 16_384;

  /** Sends the frames of a case. */
  interface Script {
    void run(Sender sender) throws IOException;
  }

  /** What a server must do. */
  sealed interface Expected {}

  /** It answers a request that follows. */
  record Served() implements Expected {}

  /** It ends the connection, with one of the codes if it gives one. */
  record ConnectionError(Set<Integer> codes) implements Expected {}

  /** It resets the stream, refuses the request with a status 400, or ends the connection. */
  record StreamError(Set<Integer> codes) implements Expected {}

  @Override
  public String toString() {
    return id + " " + what;
  }

  /** Sends frames on one connection. */
  record Sender(RawHttp2Client client) {
    private static final List<String> GET =
        List.of(":method", "GET", ":scheme", "http", ":path", "/livez", ":authority", "x");
    private static final List<String> POST =
        List.of(":method", "POST", ":scheme", "http", ":path", "/kv/n/k", ":authority", "x");

    void frame(int type, int flags, int stream, String hex) throws IOException {
      client.send(type, flags, stream, HexFormat.of().parseHex(hex));
    }

    void headers(int flags, int stream, List<String> fields) throws IOException {
      client.send(RawHttp2Client.HEADERS, flags, stream, RawHttp2Client.block(fields));
    }

    /** Sends a complete request. */
    void get(int stream, String... more) throws IOException {
      headers(0x5, stream, Stream.concat(GET.stream(), Arrays.stream(more)).toList());
    }

    /** Sends a request whose body follows. */
    void post(int stream, String... more) throws IOException {
      headers(0x4, stream, Stream.concat(POST.stream(), Arrays.stream(more)).toList());
    }

    /** Sends a complete request with other fields. */
    void fields(UnaryOperator<Stream<String>> change) throws IOException {
      headers(0x5, 1, change.apply(GET.stream()).toList());
    }

    byte[] block() throws IOException {
      return RawHttp2Client.block(GET);
    }

    String hex() throws IOException {
      return HexFormat.of().formatHex(block());
    }

    void data(int flags, int stream, int bytes) throws IOException {
      client.send(RawHttp2Client.DATA, flags, stream, new byte[bytes]);
    }

    /** Waits for the end of an answer. */
    void awaitEnd(int stream) throws IOException {
      RawHttp2Client.Frame frame = client.receive();
      while (frame.stream() != stream || !frame.endsStream()) {
        frame = client.receive();
      }
    }
  }

  private static Http2Case served(String id, String what, Script script) {
    return new Http2Case(id, what, script, new Served());
  }

  private static Http2Case connection(String id, String what, Script script, Integer... codes) {
    return new Http2Case(id, what, script, new ConnectionError(Set.of(codes)));
  }

  private static Http2Case stream(String id, String what, Script script, Integer... codes) {
    return new Http2Case(id, what, script, new StreamError(Set.of(codes)));
  }

  private static Script raw(int type, int flags, int stream, String hex) {
    return sender -> sender.frame(type, flags, stream, hex);
  }

  private static Script after(Script first, int type, int flags, int stream, String hex) {
    return sender -> {
      first.run(sender);
      sender.frame(type, flags, stream, hex);
    };
  }

  /** Opens stream 1 with a request whose body has not come. */
  private static final Script OPEN = sender -> sender.post(1);

  /** Opens and half-closes stream 1. */
  private static final Script HALF_CLOSED =
      sender -> sender.headers(0x5, 1, List.of(":method", "GET", ":scheme", "http", ":path", "/"));

  /** Opens stream 1, and closes it from both sides. */
  private static final Script CLOSED =
      sender -> {
        sender.get(1);
        sender.awaitEnd(1);
      };

  /** Opens stream 1 and resets it. */
  private static final Script RESET =
      sender -> {
        sender.post(1);
        sender.frame(RawHttp2Client.RST_STREAM, 0, 1, "00000008");
      };

  /** Begins a header block on stream 1 and does not end it. */
  private static final Script IN_HEADERS =
      sender -> sender.client().send(RawHttp2Client.HEADERS, 0x1, 1, sender.block());

  static List<Http2Case> all() {
    return Stream.of(
            generic1(),
            generic2(),
            generic3(),
            compression1(),
            compression2(),
            huffman(),
            starts1(),
            starts2(),
            streams1(),
            streams2(),
            streams3(),
            frames1(),
            frames2(),
            frames3(),
            frames4(),
            settings1(),
            settings2(),
            messages1(),
            messages2())
        .flatMap(List::stream)
        .toList();
  }

  private static List<Http2Case> generic1() {
    return List.of(
        served("generic 1/1", "a preface", _ -> {}),
        served("generic 2/1", "PRIORITY on an idle stream", raw(2, 0, 1, "000000000a")),
        served(
            "generic 2/2",
            "WINDOW_UPDATE on a half-closed stream",
            after(HALF_CLOSED, 8, 0, 1, "00000001")),
        served(
            "generic 2/3",
            "PRIORITY on a half-closed stream",
            after(HALF_CLOSED, 2, 0, 1, "000000000a")),
        served(
            "generic 2/4",
            "RST_STREAM on a half-closed stream",
            after(HALF_CLOSED, 3, 0, 1, "00000008")),
        served("generic 2/5", "PRIORITY on a closed stream", after(CLOSED, 2, 0, 1, "000000000a")),
        served(
            "generic 3.1/1",
            "one DATA frame",
            sender -> {
              sender.post(1);
              sender.data(1, 1, 4);
            }),
        served(
            "generic 3.1/2",
            "several DATA frames",
            sender -> {
              sender.post(1);
              sender.data(0, 1, 4);
              sender.data(1, 1, 4);
            }),
        served(
            "generic 3.1/3",
            "a padded DATA frame",
            sender -> {
              sender.post(1);
              sender.frame(0, 1 | PADDED, 1, "02" + "6161" + "0000");
            }),
        served("generic 3.2/1", "one HEADERS frame", sender -> sender.get(1)));
  }

  private static List<Http2Case> generic2() {
    return List.of(
        served(
            "generic 3.2/2",
            "padded HEADERS",
            sender -> sender.frame(1, 0x5 | PADDED, 1, "02" + sender.hex() + "0000")),
        served(
            "generic 3.2/3",
            "HEADERS with a priority",
            sender -> sender.frame(1, 0x5 | PRIORITIZED, 1, "00000000ff" + sender.hex())),
        served("generic 3.3/1", "PRIORITY with weight 1", raw(2, 0, 1, "0000000000")),
        served("generic 3.3/2", "PRIORITY with weight 256", raw(2, 0, 1, "00000000ff")),
        served("generic 3.3/3", "PRIORITY with a dependency", raw(2, 0, 3, "000000010a")),
        served("generic 3.3/4", "an exclusive PRIORITY", raw(2, 0, 3, "800000010a")),
        served(
            "generic 3.3/5",
            "PRIORITY on an idle stream, then a lower stream",
            sender -> {
              sender.frame(2, 0, 5, "000000000a");
              sender.get(3);
            }),
        served("generic 3.4/1", "RST_STREAM", RESET),
        served("generic 3.5/1", "SETTINGS", raw(4, 0, 0, "000300000064")),
        served("generic 3.7/1", "PING", raw(6, 0, 0, "6832737065630000")),
        served("generic 3.8/1", "GOAWAY", raw(7, 0, 0, "0000000000000000")),
        served("generic 3.9/1", "WINDOW_UPDATE of the connection", raw(8, 0, 0, "00000001")),
        served("generic 3.9/2", "WINDOW_UPDATE of a stream", after(OPEN, 8, 0, 1, "00000001")),
        served("generic 3.10/1", "one CONTINUATION", sender -> split(sender, 2)),
        served("generic 3.10/2", "several CONTINUATIONs", sender -> split(sender, 4)),
        served(
            "generic 4/1",
            "GET",
            sender -> {
              sender.get(1);
              sender.awaitEnd(1);
            }));
  }

  private static List<Http2Case> generic3() {
    return List.of(
        served(
            "generic 4/2",
            "HEAD",
            sender -> {
              sender.fields(all -> all.map(each -> each.equals("GET") ? "HEAD" : each));
              sender.awaitEnd(1);
            }),
        served(
            "generic 4/3",
            "POST",
            sender -> {
              sender.post(1);
              sender.data(1, 1, 4);
              sender.awaitEnd(1);
            }),
        served(
            "generic 4/4",
            "POST with trailers",
            sender -> {
              sender.post(1);
              sender.data(0, 1, 4);
              sender.headers(0x5, 1, List.of("x-test", "ok"));
              sender.awaitEnd(1);
            }));
  }

  /** Sends a GET in pieces. */
  private static void split(Sender sender, int pieces) throws IOException {
    byte[] block = sender.block();
    int size = block.length / pieces;
    for (int i = 0; i < pieces; i++) {
      boolean last = i == pieces - 1;
      byte[] piece = Arrays.copyOfRange(block, i * size, last ? block.length : (i + 1) * size);
      int flags = (last ? 0x4 : 0) | (i == 0 ? 0x1 : 0);
      sender
          .client()
          .send(i == 0 ? RawHttp2Client.HEADERS : RawHttp2Client.CONTINUATION, flags, 1, piece);
    }
  }

  /** {@code 82 86 84} are GET, http and the path {@code /}. */
  private static Script block(String hex) {
    return raw(1, 0x5, 1, hex);
  }

  private static List<Http2Case> compression1() {
    String request = "828684" + "4101" + "78";
    return List.of(
        served("generic 5/1", "an indexed field", block(request)),
        served(
            "generic 5/2",
            "a literal with indexing and an indexed name",
            block("828684" + "4101" + "78")),
        served(
            "generic 5/3",
            "a literal with indexing and an indexed name in Huffman code",
            block("828684" + "4185" + "f2b24a87ff".substring(0, 10))),
        served(
            "generic 5/4",
            "a literal with indexing and a new name",
            block(request + "40" + "0174" + "0161")),
        served(
            "generic 5/6",
            "a literal without indexing and an indexed name",
            block(request + "0f2b" + "0161")),
        served(
            "generic 5/8",
            "a literal without indexing and a new name",
            block(request + "00" + "0174" + "0161")),
        served(
            "generic 5/10",
            "a literal that is never indexed, with an indexed name",
            block(request + "1f2b" + "0161")),
        served(
            "generic 5/12",
            "a literal that is never indexed, with a new name",
            block(request + "10" + "0174" + "0161")),
        served("generic 5/14", "an update of the table size", block("20" + "3fe11f" + request)),
        served(
            "generic 5/15",
            "a field of the dynamic table",
            sender -> {
              sender.frame(1, 0x5, 1, request + "40" + "0174" + "0161");
              sender.frame(1, 0x5, 3, "828684bf" + "be");
            }));
  }

  /** {@code 4f} is {@code t} and {@code 1f} is {@code a} in Huffman code. */
  private static List<Http2Case> huffman() {
    String request = "828684" + "4101" + "78";
    return List.of(
        served(
            "generic 5/5",
            "a literal with indexing and a new name in Huffman code",
            block(request + "40" + "814f" + "811f")),
        served(
            "generic 5/7",
            "a literal without indexing and an indexed name in Huffman code",
            block(request + "0f2b" + "811f")),
        served(
            "generic 5/9",
            "a literal without indexing and a new name in Huffman code",
            block(request + "00" + "814f" + "811f")),
        served(
            "generic 5/11",
            "a literal that is never indexed, with an indexed name in Huffman code",
            block(request + "1f2b" + "811f")),
        served(
            "generic 5/13",
            "a literal that is never indexed, with a new name in Huffman code",
            block(request + "10" + "814f" + "811f")));
  }

  private static List<Http2Case> compression2() {
    String request = "828684" + "4101" + "78";
    return List.of(
        connection(
            "hpack 2.3.3/1", "an index out of range", block(request + "ff00"), COMPRESSION_ERROR),
        connection(
            "hpack 2.3.3/2",
            "a literal with an index out of range",
            block(request + "7f00" + "0161"),
            COMPRESSION_ERROR),
        connection(
            "hpack 4.2/1",
            "an update of the table size after fields",
            block(request + "20"),
            COMPRESSION_ERROR),
        connection(
            "hpack 5.2/1",
            "padding of more than 7 bits",
            block(request + "00" + "0174" + "82" + "1fff"),
            COMPRESSION_ERROR),
        connection(
            "hpack 5.2/2",
            "padding of zeros",
            block(request + "00" + "0174" + "81" + "18"),
            COMPRESSION_ERROR),
        connection(
            "hpack 5.2/3",
            "the end of strings in Huffman code",
            block(request + "00" + "0174" + "84" + "ffffffff"),
            COMPRESSION_ERROR),
        connection("hpack 6.1/1", "index 0", block(request + "80"), COMPRESSION_ERROR),
        connection(
            "hpack 6.3/1",
            "a table larger than the setting",
            block("3fe2ffff0f" + request),
            COMPRESSION_ERROR));
  }

  private static List<Http2Case> starts1() {
    return List.of(
        served("http2 4.1/1", "a frame of an unknown type", raw(0x16, 0, 0, "00")),
        served("http2 4.1/2", "an undefined flag", raw(6, 0x16, 0, "0000000000000000")),
        served(
            "http2 4.1/3",
            "a reserved bit",
            sender -> sender.client().send(6, 0, 0x80000000, new byte[8])),
        served(
            "http2 4.2/1",
            "DATA of 2^14 bytes",
            sender -> {
              sender.post(1);
              sender.data(1, 1, FRAME_BYTES);
            }),
        stream(
            "http2 4.2/2",
            "DATA over the size of frames",
            sender -> {
              sender.post(1);
              sender.data(1, 1, FRAME_BYTES + 1);
            },
            FRAME_SIZE_ERROR),
        connection(
            "http2 4.2/3",
            "HEADERS over the size of frames",
            sender -> sender.client().send(1, 0x5, 1, new byte[FRAME_BYTES + 1]),
            FRAME_SIZE_ERROR),
        connection(
            "http2 4.3/1",
            "an invalid header block",
            block("40ffff"),
            COMPRESSION_ERROR,
            PROTOCOL_ERROR),
        connection(
            "http2 4.3/2",
            "PRIORITY in a header block",
            after(IN_HEADERS, 2, 0, 1, "000000000a"),
            PROTOCOL_ERROR));
  }

  private static List<Http2Case> starts2() {
    return List.of(
        connection(
            "http2 4.3/3",
            "HEADERS of another stream in a header block",
            sender -> {
              IN_HEADERS.run(sender);
              sender.get(3);
            },
            PROTOCOL_ERROR),
        served("http2 5.5/1", "an extension frame", raw(0x16, 0, 0, "")),
        connection(
            "http2 5.5/2",
            "an extension frame in a header block",
            after(IN_HEADERS, 0x16, 0, 0, "0000"),
            PROTOCOL_ERROR),
        connection(
            "http2 5.4.1/1", "an invalid PING", raw(6, 0, 3, "0000000000000000"), PROTOCOL_ERROR),
        served("http2 7/1", "GOAWAY with an unknown code", raw(7, 0, 0, "00000000000000ff")),
        served("http2 7/2", "RST_STREAM with an unknown code", after(OPEN, 3, 0, 1, "000000ff")),
        connection(
            "http2 8.2/1", "PUSH_PROMISE of a client", raw(5, 4, 1, "00000002"), PROTOCOL_ERROR));
  }

  private static List<Http2Case> streams1() {
    return List.of(
        connection("http2 5.1/1", "DATA on an idle stream", raw(0, 1, 1, "74"), PROTOCOL_ERROR),
        connection(
            "http2 5.1/2",
            "RST_STREAM on an idle stream",
            raw(3, 0, 1, "00000008"),
            PROTOCOL_ERROR),
        connection(
            "http2 5.1/3",
            "WINDOW_UPDATE on an idle stream",
            raw(8, 0, 1, "00000064"),
            PROTOCOL_ERROR),
        connection(
            "http2 5.1/4",
            "CONTINUATION on an idle stream",
            raw(9, 4, 1, "828684"),
            PROTOCOL_ERROR),
        stream(
            "http2 5.1/5",
            "DATA on a half-closed stream",
            after(HALF_CLOSED, 0, 1, 1, "74"),
            STREAM_CLOSED),
        stream(
            "http2 5.1/6",
            "HEADERS on a half-closed stream",
            after(HALF_CLOSED, 1, 5, 1, TRAILER),
            STREAM_CLOSED),
        connection(
            "http2 5.1/7",
            "CONTINUATION on a half-closed stream",
            after(HALF_CLOSED, 9, 4, 1, TRAILER),
            STREAM_CLOSED,
            PROTOCOL_ERROR),
        stream("http2 5.1/8", "DATA after RST_STREAM", after(RESET, 0, 1, 1, "74"), STREAM_CLOSED),
        stream(
            "http2 5.1/9",
            "HEADERS after RST_STREAM",
            after(RESET, 1, 5, 1, TRAILER),
            STREAM_CLOSED));
  }

  private static List<Http2Case> streams2() {
    return List.of(
        connection(
            "http2 5.1/10",
            "CONTINUATION after RST_STREAM",
            after(RESET, 9, 4, 1, TRAILER),
            STREAM_CLOSED,
            PROTOCOL_ERROR),
        stream(
            "http2 5.1/11", "DATA on a closed stream", after(CLOSED, 0, 1, 1, "74"), STREAM_CLOSED),
        stream(
            "http2 5.1/12",
            "HEADERS on a closed stream",
            after(CLOSED, 1, 5, 1, TRAILER),
            STREAM_CLOSED),
        connection(
            "http2 5.1/13",
            "CONTINUATION on a closed stream",
            after(CLOSED, 9, 4, 1, TRAILER),
            STREAM_CLOSED,
            PROTOCOL_ERROR),
        connection("http2 5.1.1/1", "an even stream", sender -> sender.get(2), PROTOCOL_ERROR),
        stream(
            "http2 5.1.1/2",
            "a stream lower than an earlier one",
            sender -> {
              sender.get(5);
              sender.get(3);
            },
            PROTOCOL_ERROR,
            STREAM_CLOSED),
        stream(
            "http2 5.1.2/1",
            "more streams than the limit",
            Http2Case::manyStreams,
            PROTOCOL_ERROR,
            REFUSED_STREAM),
        stream(
            "http2 5.3.1/1",
            "HEADERS that depend on themselves",
            sender -> sender.frame(1, 0x5 | PRIORITIZED, 1, "00000001ff" + sender.hex()),
            PROTOCOL_ERROR));
  }

  private static List<Http2Case> streams3() {
    return List.of(
        stream(
            "http2 5.3.1/2",
            "PRIORITY that depends on itself",
            raw(2, 0, 3, "00000003ff"),
            PROTOCOL_ERROR));
  }

  private static void manyStreams(Sender sender) throws IOException {
    for (int i = 0; i <= 256; i++) {
      sender.post(2 * i + 1);
    }
  }

  private static List<Http2Case> frames1() {
    return List.of(
        connection("http2 6.1/1", "DATA on stream 0", raw(0, 1, 0, "74"), PROTOCOL_ERROR),
        stream(
            "http2 6.1/2",
            "DATA on a stream that is not open",
            after(CLOSED, 0, 1, 1, "74"),
            STREAM_CLOSED),
        connection(
            "http2 6.1/3",
            "DATA with too much padding",
            after(OPEN, 0, 1 | PADDED, 1, "0674657374"),
            PROTOCOL_ERROR),
        connection(
            "http2 6.2/1",
            "HEADERS, then PRIORITY",
            after(IN_HEADERS, 2, 0, 1, "000000000a"),
            PROTOCOL_ERROR),
        connection(
            "http2 6.2/2",
            "HEADERS, then those of another stream",
            sender -> {
              IN_HEADERS.run(sender);
              sender.get(3);
            },
            PROTOCOL_ERROR),
        connection("http2 6.2/3", "HEADERS on stream 0", sender -> sender.get(0), PROTOCOL_ERROR),
        connection(
            "http2 6.2/4",
            "HEADERS with too much padding",
            sender -> sender.frame(1, 0x5 | PADDED, 1, "ff" + sender.hex()),
            PROTOCOL_ERROR),
        connection(
            "http2 6.3/1", "PRIORITY on stream 0", raw(2, 0, 0, "000000000a"), PROTOCOL_ERROR),
        stream("http2 6.3/2", "PRIORITY of 4 bytes", raw(2, 0, 1, "00000000"), FRAME_SIZE_ERROR),
        connection(
            "http2 6.4/1", "RST_STREAM on stream 0", raw(3, 0, 0, "00000008"), PROTOCOL_ERROR));
  }

  private static List<Http2Case> frames2() {
    return List.of(
        connection(
            "http2 6.4/2",
            "RST_STREAM on an idle stream",
            raw(3, 0, 1, "00000008"),
            PROTOCOL_ERROR),
        connection(
            "http2 6.4/3",
            "RST_STREAM of 3 bytes",
            after(OPEN, 3, 0, 1, "000000"),
            FRAME_SIZE_ERROR),
        served(
            "http2 6.7/1",
            "PING",
            sender -> {
              sender.frame(6, 0, 0, "6832737065630000");
              sender.client().receive(6, 0);
            }),
        served("http2 6.7/2", "an acknowledgement of no PING", raw(6, 1, 0, "6832737065630000")),
        connection(
            "http2 6.7/3", "PING on a stream", raw(6, 0, 1, "6832737065630000"), PROTOCOL_ERROR),
        connection(
            "http2 6.7/4", "PING of 6 bytes", raw(6, 0, 0, "683273706563"), FRAME_SIZE_ERROR),
        connection(
            "http2 6.8/1", "GOAWAY on a stream", raw(7, 0, 1, "0000000000000000"), PROTOCOL_ERROR),
        connection(
            "http2 6.9/1",
            "WINDOW_UPDATE of 0 for the connection",
            raw(8, 0, 0, "00000000"),
            PROTOCOL_ERROR),
        stream(
            "http2 6.9/2",
            "WINDOW_UPDATE of 0 for a stream",
            after(OPEN, 8, 0, 1, "00000000"),
            PROTOCOL_ERROR),
        connection(
            "http2 6.9/3", "WINDOW_UPDATE of 3 bytes", raw(8, 0, 0, "000001"), FRAME_SIZE_ERROR));
  }

  private static List<Http2Case> frames3() {
    return List.of(
        connection(
            "http2 6.9.1/2",
            "a window of the connection over 2^31 - 1",
            raw(8, 0, 0, "7fffffff"),
            FLOW_CONTROL_ERROR),
        stream(
            "http2 6.9.1/3",
            "a window of a stream over 2^31 - 1",
            after(OPEN, 8, 0, 1, "7fffffff"),
            FLOW_CONTROL_ERROR),
        served("http2 6.10/1", "several CONTINUATIONs", sender -> split(sender, 3)),
        connection(
            "http2 6.10/2",
            "CONTINUATION, then DATA",
            sender -> {
              IN_HEADERS.run(sender);
              sender.frame(9, 0, 1, "");
              sender.data(1, 1, 4);
            },
            PROTOCOL_ERROR),
        connection(
            "http2 6.10/3",
            "CONTINUATION on stream 0",
            after(IN_HEADERS, 9, 4, 0, ""),
            PROTOCOL_ERROR),
        connection(
            "http2 6.10/4",
            "CONTINUATION after a complete HEADERS",
            after(OPEN, 9, 4, 1, "00" + "0174" + "0161"),
            PROTOCOL_ERROR),
        connection(
            "http2 6.10/5",
            "CONTINUATION after the last one",
            sender -> {
              split(sender, 2);
              sender.frame(9, 4, 1, "00" + "0174" + "0161");
            },
            PROTOCOL_ERROR,
            STREAM_CLOSED));
  }

  private static List<Http2Case> frames4() {
    return List.of(
        connection(
            "http2 6.10/6",
            "CONTINUATION after DATA",
            sender -> {
              sender.post(1);
              sender.data(0, 1, 4);
              sender.frame(9, 4, 1, "00" + "0174" + "0161");
            },
            PROTOCOL_ERROR));
  }

  private static List<Http2Case> settings1() {
    return List.of(
        connection(
            "http2 6.5/1",
            "an acknowledgement with settings",
            raw(4, 1, 0, "000100000000"),
            FRAME_SIZE_ERROR),
        connection(
            "http2 6.5/2", "SETTINGS on a stream", raw(4, 0, 1, "000300000064"), PROTOCOL_ERROR),
        connection("http2 6.5/3", "SETTINGS of 3 bytes", raw(4, 0, 0, "000300"), FRAME_SIZE_ERROR),
        connection(
            "http2 6.5.2/1", "ENABLE_PUSH of 2", raw(4, 0, 0, "000200000002"), PROTOCOL_ERROR),
        connection(
            "http2 6.5.2/2",
            "INITIAL_WINDOW_SIZE of 2^31",
            raw(4, 0, 0, "000480000000"),
            FLOW_CONTROL_ERROR),
        connection(
            "http2 6.5.2/3",
            "MAX_FRAME_SIZE below 2^14",
            raw(4, 0, 0, "000500003fff"),
            PROTOCOL_ERROR),
        connection(
            "http2 6.5.2/4",
            "MAX_FRAME_SIZE over 2^24 - 1",
            raw(4, 0, 0, "000501000000"),
            PROTOCOL_ERROR),
        served("http2 6.5.2/5", "an unknown setting", raw(4, 0, 0, "00ff00000001")),
        served("http2 6.5.3/1", "a setting twice", raw(4, 0, 0, "000400000064000400000001")),
        served(
            "http2 6.5.3/2",
            "SETTINGS that must be acknowledged",
            sender -> {
              sender.frame(4, 0, 0, "");
              while (sender.client().receive(4, 0).flags() != 1) {
                sender.frame(6, 0, 0, "0000000000000000");
              }
            }));
  }

  private static List<Http2Case> settings2() {
    return List.of(
        served(
            "http2 6.9.1/1",
            "a window of 1 byte",
            sender -> {
              sender.frame(4, 0, 0, "000400000001");
              sender.get(1);
              sender.client().receive(0, 1);
              sender.frame(4, 0, 0, "00040000ffff");
              sender.awaitEnd(1);
            }),
        served(
            "http2 6.9.2/1",
            "a window that is changed after HEADERS",
            sender -> {
              sender.frame(4, 0, 0, "000400000000");
              sender.get(1);
              sender.client().receive(1, 1);
              sender.frame(4, 0, 0, "000400000001");
              sender.client().receive(0, 1);
            }),
        served(
            "http2 6.9.2/2",
            "a window that becomes negative",
            sender -> {
              sender.frame(4, 0, 0, "000400000003");
              sender.get(1);
              sender.client().receive(0, 1);
              sender.frame(4, 0, 0, "000400000002");
              sender.frame(8, 0, 1, "00000002");
              sender.client().receive(0, 1);
            }),
        connection(
            "http2 6.9.2/3",
            "INITIAL_WINDOW_SIZE over 2^31 - 1",
            raw(4, 0, 0, "0004ffffffff"),
            FLOW_CONTROL_ERROR));
  }

  private static Script with(String... fields) {
    return sender -> sender.fields(all -> Stream.concat(all, Arrays.stream(fields)));
  }

  private static Script without(String name) {
    return sender -> {
      List<String> kept = new java.util.ArrayList<>();
      for (int i = 0; i < Sender.GET.size(); i += 2) {
        if (!Sender.GET.get(i).equals(name)) {
          kept.addAll(Sender.GET.subList(i, i + 2));
        }
      }
      sender.headers(0x5, 1, kept);
    };
  }

  private static List<Http2Case> messages1() {
    return List.of(
        stream(
            "http2 8.1/1",
            "second HEADERS without the end of the stream",
            sender -> {
              sender.post(1);
              sender.headers(0x4, 1, List.of("x-test", "ok"));
            },
            PROTOCOL_ERROR),
        stream("http2 8.1.2/1", "a field name in upper case", with("X-TEST", "ok"), PROTOCOL_ERROR),
        stream("http2 8.1.2.1/1", "an unknown pseudo-field", with(":test", "ok"), PROTOCOL_ERROR),
        stream(
            "http2 8.1.2.1/2",
            "a pseudo-field of responses",
            with(":status", "200"),
            PROTOCOL_ERROR),
        stream(
            "http2 8.1.2.1/3",
            "a pseudo-field in trailers",
            sender -> {
              sender.post(1);
              sender.headers(0x5, 1, List.of(":method", "POST"));
            },
            PROTOCOL_ERROR),
        stream(
            "http2 8.1.2.1/4",
            "a pseudo-field after a field",
            with("x-test", "ok", ":path", "/"),
            PROTOCOL_ERROR),
        stream(
            "http2 8.1.2.2/1",
            "a field of the connection",
            with("connection", "keep-alive"),
            PROTOCOL_ERROR),
        stream(
            "http2 8.1.2.2/2",
            "TE other than trailers",
            with("te", "trailers, deflate"),
            PROTOCOL_ERROR));
  }

  private static List<Http2Case> messages2() {
    return List.of(
        stream(
            "http2 8.1.2.3/1",
            "an empty path",
            sender -> sender.fields(all -> all.map(each -> each.equals("/livez") ? "" : each)),
            PROTOCOL_ERROR),
        stream("http2 8.1.2.3/2", "no method", without(":method"), PROTOCOL_ERROR),
        stream("http2 8.1.2.3/3", "no scheme", without(":scheme"), PROTOCOL_ERROR),
        stream("http2 8.1.2.3/4", "no path", without(":path"), PROTOCOL_ERROR),
        stream("http2 8.1.2.3/5", "two methods", with(":method", "GET"), PROTOCOL_ERROR),
        stream("http2 8.1.2.3/6", "two schemes", with(":scheme", "http"), PROTOCOL_ERROR),
        stream("http2 8.1.2.3/7", "two paths", with(":path", "/"), PROTOCOL_ERROR),
        stream(
            "http2 8.1.2.6/1",
            "a body shorter than its length",
            sender -> {
              sender.post(1, "content-length", "1");
              sender.data(1, 1, 0);
            },
            PROTOCOL_ERROR),
        stream(
            "http2 8.1.2.6/2",
            "bodies that sum to another length",
            sender -> {
              sender.post(1, "content-length", "1");
              sender.data(0, 1, 1);
              sender.data(1, 1, 1);
            },
            PROTOCOL_ERROR));
  }
}
