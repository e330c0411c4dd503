package selvedge.verification.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import selvedge.model.Bytes;
import selvedge.verification.process.Launch;
import selvedge.verification.process.ProcessResult;
import selvedge.verification.process.Reply;
import selvedge.verification.process.RestClient;
import selvedge.verification.process.SharedServer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * All eleven commands of {@code wrangler kv} work as with Cloudflare.
 *
 * <p>A call takes a second, so each test makes few calls and checks their effects over REST.
 */
abstract class WranglerContract {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Pattern SNIPPET_ID = Pattern.compile("\"id\": \"([0-9a-f]{32})\"");
  private static final long FAR_AWAY = 4102444800L;
  private static final String NOWHERE = "f".repeat(32);

  @TempDir Path folder;

  private Wrangler wrangler;
  private RestClient rest;
  private String title;
  private String namespace;

  abstract SharedServer server();

  abstract NpmProject project();

  @BeforeEach
  void makeNamespace(TestInfo test) {
    wrangler = Wrangler.of(project(), folder, server().process(), "any");
    rest = server().client("any");
    title = test.getTestMethod().orElseThrow().getName();
    namespace = rest.createNamespace(title);
  }

  @AfterEach
  void closeClient() {
    rest.close();
  }

  /** Runs {@code wrangler kv …} on the namespace of the test. */
  private ProcessResult kv(String... arguments) {
    return wrangler.kvIn(namespace, arguments);
  }

  private Path file(String name, Bytes content) {
    try {
      return Files.write(folder.resolve(name), content.toArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path jsonFile(String name, Object content) {
    return file(name, Bytes.adopt(JSON.writeValueAsBytes(content)));
  }

  private List<String> names() {
    List<String> names = new ArrayList<>();
    rest.list(namespace, "")
        .ok()
        .json()
        .path("result")
        .forEach(key -> names.add(key.path("name").asString()));
    return names;
  }

  /** Returns the ids of the namespaces of the account by title. */
  private Map<String, String> namespaces() {
    Reply reply =
        rest.send("GET", RestClient.account() + "?per_page=1000", BodyPublishers.noBody());
    return titles(reply.ok().json().path("result"));
  }

  private static Map<String, String> titles(JsonNode namespaces) {
    Map<String, String> titles = new TreeMap<>();
    namespaces.forEach(one -> titles.put(one.path("title").asString(), one.path("id").asString()));
    return titles;
  }

  private static Bytes randomBytes(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return Bytes.adopt(bytes);
  }

  @Test
  void createsListsRenamesAndDeletesANamespace() {
    ProcessResult created = wrangler.kv("namespace", "create", "CACHE").ok();
    assertThat(created.text()).contains("Success!");
    Matcher snippet = SNIPPET_ID.matcher(created.text());
    assertThat(snippet.find()).isTrue();
    String id = snippet.group(1);

    ProcessResult listed = wrangler.kv("namespace", "list").ok();
    assertThat(titles(JSON.readTree(listed.text())))
        .isEqualTo(namespaces())
        .containsEntry("CACHE", id);

    ProcessResult renamed = wrangler.kv("namespace", "rename", "CACHE", "--new-name", "STORE").ok();
    assertThat(renamed.text()).contains("Successfully renamed namespace to \"STORE\"");
    assertThat(namespaces()).containsEntry("STORE", id).doesNotContainKey("CACHE");

    ProcessResult deleted = wrangler.kv("namespace", "delete", "STORE").ok();
    assertThat(deleted.text()).contains("Deleted KV namespace");
    assertThat(namespaces()).doesNotContainKey("STORE").containsEntry(title, namespace);
  }

  @Test
  void renamesAndDeletesANamespaceByItsId() {
    wrangler.kv("namespace", "rename", "--namespace-id", namespace, "--new-name", "by id ✂").ok();
    assertThat(namespaces()).containsEntry("by id ✂", namespace).doesNotContainKey(title);

    wrangler.kv("namespace", "delete", "--namespace-id", namespace).ok();
    assertThat(namespaces()).doesNotContainValue(namespace);
  }

  @Test
  void reportsATakenTitle() {
    ProcessResult again = wrangler.kv("namespace", "create", title);

    assertThat(again.exit()).isEqualTo(1);
    assertThat(again.errors())
        .contains("A KV namespace with the title \"" + title + "\" already exists.");
  }

  @Test
  void putsGetsAndDeletesText() {
    kv("key", "put", "greeting", "hello, ✂").ok();
    assertThat(kv("key", "get", "greeting").ok().out()).isEqualTo(Bytes.utf8("hello, ✂"));
    assertThat(kv("key", "get", "greeting", "--text").ok().text()).isEqualTo("hello, ✂\n");

    kv("key", "delete", "greeting").ok();
    assertThat(names()).isEmpty();
    kv("key", "delete", "greeting").ok();
  }

  @Test
  void putsFilesByteForByte() {
    Bytes content = randomBytes(1_000_003);
    String path = file("blob.bin", content).toString();

    kv("key", "put", "plain", "--path", path).ok();
    kv("key", "put", "described", "--path", path, "--metadata", "{\"m\":[1,\"✂\"]}").ok();

    assertThat(kv("key", "get", "plain").ok().out()).isEqualTo(content);
    Reply described = rest.get(namespace, "described");
    assertThat(described.body()).isEqualTo(content);
    assertThat(described.header("CF-KV-Metadata")).isEqualTo("{\"m\":[1,\"✂\"]}");
  }

  @Test
  void putsMetadataAndExpirationAndListsThem() {
    long before = Instant.now().getEpochSecond();
    kv("key", "put", "a/ttl", "v", "--ttl", "3600", "--metadata", "{\"m\":1}").ok();
    long after = Instant.now().getEpochSecond() + 1;
    kv("key", "put", "a/moment", "v", "--expiration", Long.toString(FAR_AWAY)).ok();
    rest.put(namespace, "b", Bytes.utf8("v")).ok();

    JsonNode below = JSON.readTree(kv("key", "list", "--prefix", "a/").ok().text());
    assertThat(below.size()).isEqualTo(2);
    assertThat(below.get(0))
        .isEqualTo(JSON.readTree("{\"name\":\"a/moment\",\"expiration\":" + FAR_AWAY + "}"));
    assertThat(below.get(1).path("name").asString()).isEqualTo("a/ttl");
    assertThat(below.get(1).path("expiration").asLong()).isBetween(before + 3600, after + 3600);
    assertThat(below.get(1).path("metadata")).isEqualTo(JSON.readTree("{\"m\":1}"));
  }

  @Test
  void reportsAPassedExpiration() {
    ProcessResult refused = kv("key", "put", "k", "v", "--expiration", "1");

    assertThat(refused.exit()).isEqualTo(1);
    assertThat(refused.errors())
        .contains("greater than the current number of seconds")
        .contains("[code: 10033]");
  }

  @Test
  void putsListsAndDeletesSeveralBatchesAndPages() {
    List<String> many = IntStream.range(0, 2300).mapToObj(i -> "many/" + i).sorted().toList();
    List<Map<String, String>> pairs =
        many.stream().map(name -> Map.of("key", name, "value", "value of " + name)).toList();
    String pairsPath = jsonFile("pairs.json", pairs).toString();
    String namesPath = jsonFile("names.json", many.subList(0, 2200)).toString();

    assertThat(kv("bulk", "put", pairsPath).ok().text()).contains("Success!");
    JsonNode listed = JSON.readTree(kv("key", "list").ok().text());
    assertThat(
            IntStream.range(0, listed.size()).mapToObj(i -> listed.get(i).path("name").asString()))
        .containsExactlyElementsOf(many);
    assertThat(rest.get(namespace, "many/2299").body().utf8()).isEqualTo("value of many/2299");

    assertThat(kv("bulk", "delete", namesPath, "--force").ok().text()).contains("Success!");
    assertThat(names()).isEqualTo(many.subList(2200, 2300));
  }

  @Test
  void putsAndGetsInBulk() {
    Bytes content = randomBytes(3_000);
    String encoded = Base64.getEncoder().encodeToString(content.toArray());
    Map<String, Object> bytes = Map.of("key", "bytes", "value", encoded, "base64", true);
    Map<String, Object> text =
        Map.of("key", "t/✂", "value", "✂", "metadata", Map.of("m", 1), "expiration", FAR_AWAY);
    Map<String, Object> empty = Map.of("key", "empty", "value", "", "expiration_ttl", 60);

    kv("bulk", "put", jsonFile("pairs.json", List.of(bytes, text, empty)).toString()).ok();
    assertThat(rest.get(namespace, "bytes").body()).isEqualTo(content);
    Reply got = rest.get(namespace, "t/✂");
    assertThat(got.header("CF-KV-Metadata")).isEqualTo("{\"m\":1}");
    assertThat(got.header("expiration")).isEqualTo(Long.toString(FAR_AWAY));

    String wanted = jsonFile("names.json", List.of("t/✂", "empty", "none")).toString();
    String printed = kv("bulk", "get", wanted).ok().text();
    String json = printed.substring(0, printed.lastIndexOf('}') + 1);
    assertThat(JSON.readTree(json))
        .isEqualTo(JSON.readTree("{\"t/✂\":\"✂\",\"empty\":\"\",\"none\":null}"));
  }

  @Test
  void reportsMissingKeysAndNamespaces() {
    ProcessResult noKey = kv("key", "get", "none");
    assertThat(noKey.exit()).isEqualTo(1);
    assertThat(noKey.errors()).contains("404: Not Found");

    namespace = NOWHERE;
    ProcessResult noNamespace = kv("key", "put", "k", "v");
    assertThat(noNamespace.exit()).isEqualTo(1);
    assertThat(noNamespace.errors()).contains("put: 'namespace not found' [code: 10013]");
  }

  @Test
  void acceptsUnusualKeys() {
    List<String> keys = List.of("a%2Fb", "a+ ?#&%[]|^`\"\\<>{}✂", "a/b", "😀".repeat(128));
    for (String key : keys) {
      kv("key", "put", key, "value of " + key).ok();
    }
    assertThat(names()).containsExactlyElementsOf(keys);
    for (String key : keys) {
      assertThat(kv("key", "get", key).ok().text()).isEqualTo("value of " + key);
    }
    kv("key", "delete", keys.get(0)).ok();
    kv("key", "delete", keys.get(1)).ok();
    assertThat(names()).containsExactlyElementsOf(keys.subList(2, 4));
  }

  @Test
  void aKeyOfDotsDoesNotDeleteTheNamespace() {
    rest.put(namespace, "k", Bytes.utf8("v")).ok();

    assertThat(kv("key", "delete", "..").exit()).isEqualTo(1);
    assertThat(kv("key", "put", "..", "{\"title\":\"dots\"}").exit()).isEqualTo(1);
    assertThat(kv("key", "get", "..").exit()).isEqualTo(1);
    assertThat(kv("key", "delete", ".").exit()).isEqualTo(1);

    assertThat(namespaces()).containsEntry(title, namespace);
    assertThat(names()).containsExactly("k");
  }

  @Test
  void findsTheNamespaceOfABinding() {
    Map<String, String> binding = Map.of("binding", "CACHE", "id", namespace);
    jsonFile("wrangler.json", Map.of("name", "worker", "kv_namespaces", List.of(binding)));

    wrangler.kv("key", "put", "k", "bound", "--binding", "CACHE", "--remote").ok();

    assertThat(rest.get(namespace, "k").body().utf8()).isEqualTo("bound");
  }

  @Test
  void findsItsAccount() {
    wrangler = Wrangler.of(project(), folder, server().process(), "any", Optional.empty());

    kv("key", "put", "k", "discovered").ok();

    assertThat(rest.get(namespace, "k").body().utf8()).isEqualTo("discovered");
  }

  @Test
  void whoamiPrintsTheAccount() {
    assertThat(wrangler.run("whoami", List.of()).ok().text()).contains(Launch.ACCOUNT);
  }
}
