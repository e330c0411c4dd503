package selvedge.verification.fuzz;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import selvedge.model.Bytes;
import selvedge.model.Expiry;
import selvedge.model.Metadata;
import selvedge.model.Mutation;
import selvedge.model.wire.Message;
import selvedge.model.wire.MessageReader;
import selvedge.verification.process.Launch;
import selvedge.verification.process.Reply;
import selvedge.verification.process.RestClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Fuzzes the frames of bulk writes. The events of the feed must be the acknowledged changes and no
 * others, and listings must have their metadata.
 */
public final class FramesTarget {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final int PUT = 3;
  private static final int DELETE = 4;
  private static final int CLEAR = 5;
  private static final int END = 8;
  private static final int KEYS_MAX = 500;
  private static final long NEVER = Long.MAX_VALUE;
  private static final long IN_2100 = 4_102_444_800_000L;
  private static final RestClient CLIENT =
      new RestClient(new FuzzedServer("account", Launch.ACCOUNT).uri());
  private static final String NAMESPACE = CLIENT.createNamespace("fuzz");
  private static final BufferedReader FEED =
      new BufferedReader(
          new InputStreamReader(
              CLIENT.stream("/v1/feed?namespace=" + NAMESPACE), StandardCharsets.UTF_8));

  /** The metadata of the entries by key. */
  private static final TreeMap<Bytes, Metadata> ENTRIES = new TreeMap<>();

  private FramesTarget() {}

  /** Starts the server before the first input, whose time is limited. */
  public static void fuzzerInitialize() throws IOException {
    compareListing();
  }

  /** Called for each input. */
  public static void fuzzerTestOneInput(FuzzedDataProvider data) throws IOException {
    byte[] body = body(data);
    Reply reply =
        CLIENT.send(
            "POST", "/v1/namespaces/" + NAMESPACE + "/bulk", BodyPublishers.ofByteArray(body));
    if (reply.status() != 200) {
      if (reply.status() != 400 && reply.status() != 413) {
        throw new AssertionError("the answer to a bulk write is " + reply);
      }
      reply.json().path("error").path("code").asString();
      return;
    }
    List<Mutation> mutations = mutations(body);
    compareEvents(mutations, reply.json().path("version").asLong());
    mutations.forEach(FramesTarget::apply);
    compareListing();
  }

  private static byte[] body(FuzzedDataProvider data) {
    var out = new ByteArrayOutputStream();
    var all = new CRC32C();
    int count = data.consumeInt(1, 4);
    for (int i = 0; i < count; i++) {
      byte[] payload = data.consumeInt(0, 9) == 0 ? data.consumeBytes(80) : change(data);
      if (payload.length > 0 && data.consumeInt(0, 9) == 0) {
        payload[data.consumeInt(0, payload.length - 1)] = data.consumeByte();
      }
      frame(out, all, payload);
    }
    byte[] end =
        ByteBuffer.allocate(1 + Long.BYTES + 2 * Integer.BYTES)
            .put((byte) END)
            .putLong(count)
            .putInt((int) all.getValue())
            .putInt(0)
            .array();
    frame(out, all, end);
    return out.toByteArray();
  }

  private static void frame(ByteArrayOutputStream out, CRC32C all, byte[] payload) {
    var crc = new CRC32C();
    crc.update(payload);
    byte[] checksum = ByteBuffer.allocate(Integer.BYTES).putInt((int) crc.getValue()).array();
    all.update(checksum);
    out.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(payload.length).array());
    out.writeBytes(payload);
    out.writeBytes(checksum);
  }

  private static byte[] change(FuzzedDataProvider data) {
    var bytes = new ByteArrayOutputStream();
    try (var out = new DataOutputStream(bytes)) {
      int type = data.pickValue(List.of(PUT, PUT, DELETE, CLEAR));
      out.write(type);
      out.writeLong(data.consumeInt(0, 3));
      out.writeLong(0);
      out.writeInt(0);
      out.writeBytes(data.consumeBoolean() ? NAMESPACE : "f".repeat(32));
      piece(out, text(data, 12));
      if (type == PUT) {
        out.writeLong(data.pickValue(List.of(NEVER, NEVER, IN_2100, IN_2100 + 1, 0L, 60_000L)));
        piece(out, metadata(data));
        byte[] value = data.consumeBytes(40);
        out.writeLong(value.length);
        out.write(value);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static byte[] text(FuzzedDataProvider data, int max) {
    return data.consumeInt(0, 4) == 0
        ? data.consumeBytes(max)
        : data.consumeString(max).getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] metadata(FuzzedDataProvider data) {
    byte[] text = text(data, 30);
    return switch (data.consumeInt(0, 4)) {
      case 0 -> text;
      case 1 -> new byte[0];
      case 2 -> JSON.writeValueAsBytes(new String(text, StandardCharsets.UTF_8));
      case 3 -> Bytes.utf8("{\"a\":\r\n[1,null]}").toArray();
      default -> JSON.writeValueAsBytes(List.of(text.length, true));
    };
  }

  private static void piece(DataOutputStream out, byte[] bytes) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  private static List<Mutation> mutations(byte[] body) throws IOException {
    var reader = new MessageReader(Bytes.adopt(body).open(), MessageReader.IN_MEMORY);
    List<Mutation> mutations = new ArrayList<>();
    while (reader.next() instanceof Message.Changed(var change)) {
      mutations.add(change.mutation());
    }
    return mutations;
  }

  private static void compareEvents(List<Mutation> mutations, long last) throws IOException {
    long version = last - mutations.size();
    for (Mutation mutation : mutations) {
      version++;
      JsonNode event = event();
      if (event.path("version").asLong() != version
          || !event.path("namespace").asString().equals(NAMESPACE)
          || !isEventOf(event, mutation)) {
        throw new AssertionError("version " + version + " is " + mutation + ", got " + event);
      }
    }
  }

  private static JsonNode event() throws IOException {
    JsonNode event = JSON.readTree(FEED.readLine());
    while (event.has("heartbeat")) {
      event = JSON.readTree(FEED.readLine());
    }
    return event;
  }

  private static boolean isEventOf(JsonNode event, Mutation mutation) {
    String type = event.path("type").asString();
    return switch (mutation) {
      case Mutation.Put put ->
          type.equals("put")
              && event.path("key").asString().equals(put.key().name())
              && event.path("size").asLong() == put.value().length()
              && Optional.ofNullable(event.get("metadata")).equals(tree(put.metadata()))
              && event.path("expiration").asLong(0)
                  == (put.expiry() instanceof Expiry.At at ? at.wholeSecond() : 0);
      case Mutation.Delete(var key) ->
          type.equals("delete") && event.path("key").asString().equals(key.name());
      case Mutation.Clear(var prefix) ->
          type.equals("clear") && event.path("prefix").asString().equals(prefix.utf8());
    };
  }

  private static Optional<JsonNode> tree(Metadata metadata) {
    return metadata.isPresent()
        ? Optional.of(JSON.readTree(metadata.json().toArray()))
        : Optional.empty();
  }

  private static void apply(Mutation mutation) {
    switch (mutation) {
      case Mutation.Put put when put.expiry().hasPassed(Instant.now()) ->
          ENTRIES.remove(put.key().bytes());
      case Mutation.Put put -> ENTRIES.put(put.key().bytes(), put.metadata());
      case Mutation.Delete(var key) -> ENTRIES.remove(key.bytes());
      case Mutation.Clear(var prefix) -> ENTRIES.keySet().removeIf(key -> key.startsWith(prefix));
    }
  }

  private static void compareListing() throws IOException {
    JsonNode rows = CLIENT.list(NAMESPACE, "limit=1000").ok().json().path("result");
    int i = 0;
    for (var each : ENTRIES.entrySet()) {
      JsonNode row = rows.path(i++);
      if (!Bytes.utf8(row.path("name").asString()).equals(each.getKey())
          || !Optional.ofNullable(row.get("metadata")).equals(tree(each.getValue()))) {
        throw new AssertionError("row " + i + " is " + each + ", got " + row);
      }
    }
    if (rows.size() != i) {
      throw new AssertionError("there are " + i + " keys, got " + rows.size() + ": " + rows);
    }
    if (i > KEYS_MAX) {
      String path = "/v1/namespaces/" + NAMESPACE + "/keys?all=true";
      CLIENT.send("DELETE", path, BodyPublishers.noBody()).ok();
      ENTRIES.clear();
      event();
    }
  }
}
