package selvedge.verification.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import selvedge.model.Bytes;
import selvedge.verification.process.Launch;
import selvedge.verification.process.Polling;
import selvedge.verification.process.RawClient;
import selvedge.verification.process.ServerProcess;
import selvedge.verification.process.Servers;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * Servers of this version with servers of an earlier one, in both directions, and an origin of a
 * later one.
 *
 * <p>The bytes of the old servers were recorded from processes of the commit 4ed4e10b, which named
 * no forms. The status was recorded later, and then got the epoch and version of the snapshot.
 */
final class OldPeerTest {
  private static final String NAMESPACE = "3a49f345087b07c78bb423c3721e910b";
  private static final long VERSION = 8;
  private static final String CLUSTER = "06924dfde054e17b";

  /** The types that the old edge knows: hello, placed, put, delete, clear and so on to outline. */
  private static final int TYPE_MAX = 9;

  private static final ObjectMapper JSON = new ObjectMapper();

  @RegisterExtension final Servers servers = new Servers();
  @TempDir Path folder;

  private static byte[] recorded(String name) {
    try (InputStream in = OldPeerTest.class.getResourceAsStream(name)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String request(String name) {
    return new String(recorded(name), StandardCharsets.ISO_8859_1);
  }

  /** Answers requests with the recorded bytes of an old origin. */
  private static final class RecordedOrigin implements AutoCloseable {
    private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Set<Socket> accepted = ConcurrentHashMap.newKeySet();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final String headers;

    /**
     * @param headers lines that each answer has in addition
     */
    RecordedOrigin(String headers) throws IOException {
      this.headers = headers;
      Thread.ofVirtual().start(this::accept);
    }

    URI uri() {
      return URI.create("http://127.0.0.1:" + socket.getLocalPort());
    }

    private void accept() {
      try {
        while (true) {
          Socket next = socket.accept();
          accepted.add(next);
          Thread.ofVirtual().start(() -> answer(next));
        }
      } catch (IOException _) {
        // The test has ended.
      }
    }

    private void answer(Socket connection) {
      try {
        InputStream in = connection.getInputStream();
        OutputStream out = connection.getOutputStream();
        for (String head = head(in); !head.isEmpty(); head = head(in)) {
          String length = head.replaceAll("(?s).*content-length: (\\d+).*", "$1");
          in.readNBytes(Integer.parseInt(length));
          requests.add(head);
          String path = head.replaceAll("(?s)^\\w+ /v1/(\\w+).*", "$1");
          if (head.startsWith("put ")) {
            connection.close();
            return;
          }
          String answer = request("old-origin-" + path + ".response");
          String more = answer.replaceFirst("\r\n", "\r\n" + headers);
          out.write(more.getBytes(StandardCharsets.ISO_8859_1));
          out.flush();
        }
      } catch (IOException _) {
        // The edge has ended.
      }
    }

    @Override
    public void close() throws IOException {
      end();
    }

    void end() throws IOException {
      socket.close();
      for (Socket each : accepted) {
        each.close();
      }
    }
  }

  /** Returns the head of a message in lower case, empty at the end of the connection. */
  private static String head(InputStream in) throws IOException {
    var head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        return "";
      }
      head.append((char) next);
    }
    return head.toString().toLowerCase(Locale.ROOT);
  }

  @Test
  void anEdgeFollowsAnOldOrigin() throws Exception {
    try (var origin = new RecordedOrigin("");
        Region edge =
            Region.of(
                servers.startHere(Launch.on(folder.resolve("e")).follow(origin.uri(), "fra")))) {
      Polling.await("the recorded version", () -> edge.version() == VERSION);
      edge.complete();

      assertThat(edge.client().get(NAMESPACE, "second").ok().body().utf8()).isEqualTo("two");
      assertThat(edge.client().get(NAMESPACE, "third").ok().body().utf8()).isEqualTo("three");
      assertThat(edge.client().get(NAMESPACE, "first").status()).as("deleted").isEqualTo(404);
      assertThat(edge.status().path("connected").asBoolean()).isTrue();
      assertThat(edge.status().path("cluster").asString()).isEqualTo(CLUSTER);
      assertThat(origin.requests)
          .anyMatch(head -> head.startsWith("get /v1/snapshot?without= "))
          .anyMatch(head -> head.matches("(?s)get /v1/feed\\?after=5&epoch=473526663613047163 .*"));
    }
  }

  /** The origin may have made the write, so a client must not repeat it by itself. */
  @Test
  void aWriteWithoutAnAnswerIsUnknownAtEveryProtocol() throws Exception {
    try (var origin = new RecordedOrigin("");
        Region edge =
            Region.of(
                servers.startHere(Launch.on(folder.resolve("e")).follow(origin.uri(), "fra")))) {
      Polling.await("the recorded version", () -> edge.version() == VERSION);
      for (String path : writes()) {
        HttpResponse<String> answer = put(edge, path);
        assertThat(answer.statusCode()).as(path).isEqualTo(502);
        assertThat(answer.headers().firstValue("Retry-After")).as(path).isEmpty();
      }

      origin.end();

      for (String path : writes()) {
        Polling.await("no connection to the origin", () -> put(edge, path).statusCode() == 503);
        assertThat(put(edge, path).headers().firstValue("Retry-After")).as(path).contains("1");
      }
    }
  }

  /** Returns the path of a key in REST v4, the binding, and the API of its own. */
  private static List<String> writes() {
    return List.of(
        "/client/v4/accounts/"
            + Launch.ACCOUNT
            + "/storage/kv/namespaces/"
            + NAMESPACE
            + "/values/k",
        "/kv/" + NAMESPACE + "/k",
        "/v1/namespaces/" + NAMESPACE + "/values/k");
  }

  private static HttpResponse<String> put(Region edge, String path)
      throws IOException, InterruptedException {
    try (HttpClient http = HttpClient.newHttpClient()) {
      return http.send(
          HttpRequest.newBuilder(edge.server().uri().resolve(path))
              .PUT(HttpRequest.BodyPublishers.ofString("v"))
              .build(),
          HttpResponse.BodyHandlers.ofString());
    }
  }

  @Test
  void anEdgeRefusesAFormThatItDoesNotKnowByName() throws Exception {
    try (var origin = new RecordedOrigin("Selvedge-Form: 2\r\n")) {
      ServerProcess edge =
          servers.spawn(Launch.on(folder.resolve("e")).follow(origin.uri(), "fra"));

      Polling.await(
          "the edge names the form",
          () -> edge.log().contains("form 2, and this release reads form 1"));

      assertThat(origin.requests)
          .anyMatch(head -> head.contains("get /v1/snapshot") && head.contains("selvedge-form: 1"));
    }
  }

  /** Reads frames as the old edge does: length, type, payload and CRC-32C. */
  private static byte[] frame(DataInputStream in) throws IOException {
    byte[] payload = in.readNBytes(in.readInt());
    var crc = new CRC32C();
    crc.update(payload);
    assertThat(in.readInt()).isEqualTo((int) crc.getValue());
    assertThat((int) payload[0]).as("type of a frame").isBetween(1, TYPE_MAX);
    return payload;
  }

  /** Returns the frames of a body that was received completely. */
  private static List<byte[]> frames(Bytes body) throws IOException {
    List<byte[]> frames = new ArrayList<>();
    try (var in = new DataInputStream(body.open())) {
      while (in.available() > 0) {
        frames.add(frame(in));
      }
    }
    return frames;
  }

  @Test
  void anOldEdgeFollowsAnOrigin() throws Exception {
    try (Region origin = Region.of(servers.startHere(Launch.on(folder.resolve("o"))))) {
      String namespace = origin.client().createNamespace("n");
      origin.client().put(namespace, "first", Bytes.utf8("one")).ok();
      long version = origin.version();
      long epoch = origin.status().path("epoch").asLong();

      try (var client = new RawClient(origin.server().address())) {
        client.send(request("old-edge-snapshot.request"));
        RawClient.Answer snapshot = client.receive();
        assertThat(snapshot.status()).isEqualTo(200);
        List<byte[]> frames = frames(snapshot.body());
        assertThat(frames.getFirst()).isEqualTo(hello(epoch, version));
        assertThat(frames.getLast()[0]).as("end").isEqualTo((byte) 8);
        assertThat(ByteBuffer.wrap(frames.getLast()).getLong(1)).isEqualTo(frames.size() - 2);
        assertThat(frames.subList(1, frames.size() - 1))
            .allMatch(frame -> frame[0] == 2)
            .anyMatch(frame -> text(frame).contains("first") && text(frame).endsWith("one"));

        client.send(request("old-edge-position.request"));
        RawClient.Answer answer = client.receive();
        assertThat(answer.headers().get("selvedge-form")).isEqualTo("1");
        JsonNode position = JSON.readTree(answer.body().utf8());
        assertThat(position.path("epoch").asLong()).isEqualTo(epoch);
        assertThat(position.path("version").asLong()).isEqualTo(version);
        assertThat(position.path("age_nanos").asLong(-1)).isZero();
        assertThat(Instant.parse(position.path("at").asString())).isNotNull();
        assertThat(origin.status().path("edges").get(0).path("status").path("location").asString())
            .isEqualTo("fra");
      }

      String feed = request("old-edge-feed.request").replaceAll("after=\\d+", "after=" + version);
      try (var socket = new Socket()) {
        socket.connect(origin.server().address());
        socket.setSoTimeout(30_000);
        String known = feed.replaceAll("epoch=\\d+", "epoch=" + epoch);
        socket.getOutputStream().write(known.getBytes(StandardCharsets.ISO_8859_1));
        assertThat(head(socket.getInputStream())).startsWith("http/1.1 200 ");
        var in = new DataInputStream(new Chunks(socket.getInputStream()));
        assertThat(frame(in)).isEqualTo(hello(epoch, version));
        origin.client().put(namespace, "second", Bytes.utf8("two")).ok();
        byte[] frame = frame(in);
        while (!text(frame).contains("second")) {
          frame = frame(in);
        }
        assertThat(frame[0]).as("put").isEqualTo((byte) 3);
        assertThat(ByteBuffer.wrap(frame).getLong(1)).isGreaterThan(version);
        assertThat(text(frame)).endsWith("two");
      }

      try (var client = new RawClient(origin.server().address())) {
        client.send(feed);
        assertThat(client.receive().status()).as("an epoch of another cluster").isEqualTo(412);
      }
    }
  }

  private static byte[] hello(long epoch, long version) {
    return ByteBuffer.allocate(17).put((byte) 1).putLong(epoch).putLong(version).array();
  }

  private static String text(byte[] frame) {
    return new String(frame, StandardCharsets.ISO_8859_1);
  }

  /** The body of a live response, in chunks. It does not end. */
  private static final class Chunks extends InputStream {
    private final InputStream in;
    private int rest;

    Chunks(InputStream in) {
      this.in = in;
    }

    @Override
    public int read() throws IOException {
      if (rest == 0) {
        var size = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n' || size.size() < 2; next = in.read()) {
          if (next > ' ') {
            size.write(next);
          }
        }
        rest = Integer.parseInt(size.toString(StandardCharsets.US_ASCII), 16);
      }
      rest--;
      int next = in.read();
      if (rest == 0) {
        in.readNBytes(2);
      }
      return next;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      if (length == 0) {
        return 0;
      }
      target[offset] = (byte) read();
      return 1;
    }
  }
}
