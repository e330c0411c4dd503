package selvedge.verification.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import selvedge.model.Bytes;
import selvedge.model.Change;
import selvedge.model.Expiry;
import selvedge.model.Key;
import selvedge.model.Metadata;
import selvedge.model.Mutation;
import selvedge.model.NamespaceId;
import selvedge.model.Version;
import selvedge.model.wire.Message;
import selvedge.model.wire.MessageWriter;
import selvedge.verification.process.Launch;
import selvedge.verification.process.Reply;
import selvedge.verification.process.RestClient;
import selvedge.verification.process.ServerProcess;
import selvedge.verification.process.Servers;

/** Concurrent bodies that are larger than the heap of the server. */
final class BodyMemoryTest {
  private static final int VALUE_BYTES = 25 << 20;
  private static final int INLINE_BYTES = 65_536;
  private static final int NATIVE_PUTS = 93 * (1 << 20) / INLINE_BYTES;

  @RegisterExtension final Servers servers = new Servers();
  @TempDir Path data;

  private ServerProcess smallHeap() {
    return servers.start(Launch.on(data).jvm("-Xmx256m", "-XX:+ExitOnOutOfMemoryError"));
  }

  @Test
  void acceptsLargeBase64ValuesInConcurrentBulkPuts() throws Exception {
    ServerProcess server = smallHeap();
    try (RestClient client = server.client()) {
      String namespace = client.createNamespace("bulk");

      List<Reply> replies =
          together(
              8,
              number ->
                  client.send(
                      "PUT",
                      RestClient.namespace(namespace) + "/bulk",
                      BodyPublishers.ofInputStream(() -> pair(number))));

      assertThat(replies).allMatch(Reply::isOk);
      for (int i = 0; i < replies.size(); i++) {
        Bytes stored = client.get(namespace, "large " + i).ok().body();
        assertThat(stored).isEqualTo(Bytes.adopt(value(i)));
      }
    }
    assertHealthy(server);
  }

  private static byte[] value(int seed) {
    byte[] value = new byte[VALUE_BYTES];
    for (int i = 0; i < value.length; i++) {
      value[i] = (byte) (i * 31 + (i >> 8) + seed);
    }
    return value;
  }

  /** Returns a bulk put of one value in base64, with the flag after the value. */
  private static InputStream pair(int number) {
    byte[] start = Bytes.utf8("[{\"key\":\"large " + number + "\",\"value\":\"").toArray();
    byte[] end = Bytes.utf8("\",\"base64\":true}]").toArray();
    return new SequenceInputStream(
        Collections.enumeration(
            List.of(
                Bytes.adopt(start).open(),
                Bytes.adopt(Base64.getEncoder().encode(value(number))).open(),
                Bytes.adopt(end).open())));
  }

  @Test
  void refusesV1BulksThatExceedItsMemory() throws Exception {
    ServerProcess server = smallHeap();
    try (RestClient client = server.client()) {
      String namespace = client.createNamespace("native");
      byte[] large = frames(namespace, NATIVE_PUTS);

      List<Reply> replies =
          together(4, _ -> bulk(client, namespace, BodyPublishers.ofByteArray(large)));
      List<Reply> unannounced =
          together(
              4,
              _ ->
                  bulk(
                      client,
                      namespace,
                      BodyPublishers.ofInputStream(() -> Bytes.adopt(large).open())));

      assertThat(replies).allMatch(reply -> reply.status() == 413);
      assertThat(replies.getFirst().body().utf8()).contains("body-heap-percent");
      assertThat(unannounced).allMatch(reply -> reply.status() == 413 || reply.status() == 503);
      byte[] fits = frames(namespace, 64);
      assertThat(bulk(client, namespace, BodyPublishers.ofByteArray(fits)).isOk()).isTrue();
    }
    assertHealthy(server);
  }

  private static Reply bulk(
      RestClient client, String namespace, java.net.http.HttpRequest.BodyPublisher body) {
    return client.send("POST", "/v1/namespaces/" + namespace + "/bulk", body);
  }

  private static byte[] frames(String namespace, int puts) throws IOException {
    var out = new ByteArrayOutputStream(puts * (INLINE_BYTES + 200));
    var writer = new MessageWriter(out);
    var id = new NamespaceId(namespace);
    for (int i = 0; i < puts; i++) {
      var put =
          new Mutation.Put(
              Key.of("key " + i), Bytes.adopt(new byte[INLINE_BYTES]), Metadata.NONE, Expiry.NEVER);
      writer.write(new Message.Changed(new Change(Version.NONE, Instant.EPOCH, id, put)));
    }
    writer.write(new Message.End(puts, ""));
    return out.toByteArray();
  }

  private static List<Reply> together(int count, IntFunction<Reply> sending) throws Exception {
    List<Future<Reply>> all = new ArrayList<>();
    List<Reply> replies = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < count; i++) {
        int number = i;
        all.add(threads.submit(() -> sending.apply(number)));
      }
      for (Future<Reply> each : all) {
        replies.add(each.get());
      }
    }
    return replies;
  }

  private static void assertHealthy(ServerProcess server) {
    assertThat(server.isAlive()).isTrue();
    assertThat(server.terminate()).isZero();
    assertThat(server.log()).doesNotContain("OutOfMemory").doesNotContain("ERROR");
  }
}
