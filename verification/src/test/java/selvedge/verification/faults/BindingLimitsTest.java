package selvedge.verification.faults;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
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

/** Limits that apply in all protocols. */
final class BindingLimitsTest {
  private static final int STORAGE_BYTES = 1_000_000;

  @RegisterExtension final Servers servers = new Servers();
  @TempDir Path data;

  private static Reply nativeBulk(RestClient client, String namespace, String key, int bytes)
      throws IOException {
    var out = new ByteArrayOutputStream();
    var writer = new MessageWriter(out);
    var put =
        new Mutation.Put(Key.of(key), Bytes.adopt(new byte[bytes]), Metadata.NONE, Expiry.NEVER);
    writer.write(
        new Message.Changed(
            new Change(Version.NONE, Instant.EPOCH, new NamespaceId(namespace), put)));
    writer.write(new Message.End(1, ""));
    return client.send(
        "POST",
        "/v1/namespaces/" + namespace + "/bulk",
        BodyPublishers.ofByteArray(out.toByteArray()));
  }

  @Test
  void limitsStorageForBodiesOfUnknownLengthAndForV1Bulk() throws Exception {
    ServerProcess server = servers.start(Launch.on(data).limit("storage-bytes", STORAGE_BYTES));
    try (RestClient client = server.client()) {
      String namespace = client.createNamespace("full");

      Reply chunked =
          client.put(namespace, "large", () -> Bytes.adopt(new byte[STORAGE_BYTES * 2]).open());
      assertThat(chunked.status()).isEqualTo(429);
      assertThat(client.get(namespace, "large").status()).isEqualTo(404);

      List<Integer> statuses =
          IntStream.range(0, 20)
              .mapToObj(
                  i -> {
                    try {
                      return nativeBulk(client, namespace, "key " + i, 60_000).status();
                    } catch (IOException e) {
                      throw new UncheckedIOException(e);
                    }
                  })
              .toList();
      assertThat(statuses).endsWith(429);
    }
  }

  @Test
  void limitsWritesToAKeyInV1Bulk() throws Exception {
    ServerProcess server = servers.start(Launch.on(data).limit("key-writes-per-second", 1));
    try (RestClient client = server.client()) {
      String namespace = client.createNamespace("rate");
      List<Integer> statuses = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        statuses.add(nativeBulk(client, namespace, "key", 1).status());
      }
      assertThat(statuses).startsWith(200).contains(429);
    }
  }

  @Test
  void limitsTheKeysOfAV1BulkGet() {
    ServerProcess server = servers.start(data);
    try (RestClient client = server.client()) {
      String namespace = client.createNamespace("many");

      assertThat(v1BulkGet(client, namespace, 100).status()).isEqualTo(200);
      assertThat(v1BulkGet(client, namespace, 101).status()).isEqualTo(413);
    }
  }

  private static Reply v1BulkGet(RestClient client, String namespace, int keys) {
    String names =
        IntStream.range(0, keys).mapToObj(i -> "\"k" + i + "\"").collect(Collectors.joining(","));
    return client.send(
        "POST",
        "/v1/namespaces/" + namespace + "/bulk/get",
        BodyPublishers.ofString("{\"keys\":[" + names + "]}"));
  }

  @Test
  void limitsTheKeysOfACount() {
    ServerProcess server = servers.start(Launch.on(data).limit("count-keys", 5));
    try (RestClient client = server.client()) {
      String namespace = client.createNamespace("count");
      for (int i = 0; i < 6; i++) {
        client.put(namespace, "key " + i, Bytes.utf8("x")).ok();
      }

      assertThat(count(client, namespace, "key%205").ok().body().utf8()).contains("1");
      assertThat(count(client, namespace, "key").status()).isEqualTo(413);
    }
  }

  private static Reply count(RestClient client, String namespace, String prefix) {
    return client.send(
        "GET", "/v1/namespaces/" + namespace + "/count?prefix=" + prefix, BodyPublishers.noBody());
  }
}
