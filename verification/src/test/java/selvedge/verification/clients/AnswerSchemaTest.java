package selvedge.verification.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest.BodyPublishers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import selvedge.model.Bytes;
import selvedge.verification.process.Reply;
import selvedge.verification.process.RestClient;
import selvedge.verification.process.SharedServer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Compares successes and errors of all KV operations with the OpenAPI document of Cloudflare. */
final class AnswerSchemaTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final String NOWHERE = "f".repeat(32);

  @RegisterExtension static final SharedServer SERVER = new SharedServer();

  private final AnswerSchema schema = AnswerSchema.load();
  private final Set<String> succeeded = new TreeSet<>();
  private final Set<String> failed = new TreeSet<>();
  private final List<String> problems = new ArrayList<>();
  private int answers;
  private RestClient client;
  private String namespace = "";

  @BeforeEach
  void connect() {
    client = SERVER.client("any");
  }

  private void create() {
    namespace = client.createNamespace("answers");
    put("plain", "value");
    put("empty", "");
    put("odd/é 😀", "{\"a\":[1,null]}");
    success(
        "write-multiple-key-value-pairs",
        "",
        """
        [{"key":"meta","value":"1","metadata":{"a":[1.5,"x",null,{}]},"expiration_ttl":3600},
         {"key":"text","value":"true","metadata":"text"},
         {"key":"number","value":"7","metadata":7,"expiration":4102444800}]
        """);
  }

  @AfterEach
  void close() {
    client.close();
  }

  private void put(String key, String value) {
    check("write-key-value-pair-with-metadata", client.put(namespace, key, Bytes.utf8(value)).ok());
  }

  /** Sends the request of an operation. The rest replaces {@code {key}}. */
  private Reply send(String operation, String id, String rest, String body, String... headers) {
    String[] request = schema.requests().getOrDefault(operation, "").split(" ", 2);
    String path = request.length == 1 ? "" : request[1];
    String filled = path.replace("{namespace}", id).replace("{key}", "");
    return client.send(
        request[0],
        RestClient.account() + filled + rest,
        body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body),
        headers);
  }

  private Reply success(String operation, String rest, String body) {
    Reply reply = send(operation, namespace, rest, body).ok();
    check(operation, reply);
    return reply;
  }

  private void check(String operation, Reply reply) {
    answers++;
    succeeded.add(operation);
    if (!schema.hasBytes(operation)) {
      schema.problems(operation, reply.json()).forEach(each -> problem(operation, each));
    }
  }

  private void failure(int status, String operation, String rest, String body, String... headers) {
    failureIn(namespace, status, operation, rest, body, headers);
  }

  private void failureIn(
      String id, int status, String operation, String rest, String body, String... headers) {
    Reply reply = send(operation, id, rest, body, headers);
    assertThat(reply.status()).as("%s%s: %s", operation, rest, reply).isEqualTo(status);
    answers++;
    failed.add(operation);
    schema.problemsOfFailure(reply.json()).forEach(each -> problem(operation, each));
  }

  private void problem(String operation, String problem) {
    problems.add(operation + ": " + problem);
  }

  @Test
  void allResponsesMatchTheDocument() {
    create();
    namespaces();
    keysAndValues();
    bulk();
    errors();

    System.out.printf("%d answers of %d operations%n", answers, schema.requests().size());
    assertThat(problems).isEmpty();
    assertThat(succeeded).isEqualTo(schema.requests().keySet());
    assertThat(failed).isEqualTo(schema.requests().keySet());
    assertThat(answers).isGreaterThanOrEqualTo(79);
  }

  private void namespaces() {
    success("list-namespaces", "", "");
    success("list-namespaces", "?page=1&per_page=5&order=title&direction=desc", "");
    success("list-namespaces", "?page=1000", "");
    String id =
        success("create-a-namespace", "", "{\"title\":\"instant\",\"mode\":\"instant\"}")
            .json()
            .path("result")
            .path("id")
            .asString();
    success("get-a-namespace", "", "");
    success("rename-a-namespace", "", "{\"title\":\"answers, renamed ✂\"}");
    check("get-a-namespace", send("get-a-namespace", id, "", "").ok());
    check("list-a-namespace-s-keys", send("list-a-namespace-s-keys", id, "", "").ok());
    check("remove-a-namespace", send("remove-a-namespace", id, "", "").ok());
  }

  private void keysAndValues() {
    success("list-a-namespace-s-keys", "", "");
    success("list-a-namespace-s-keys", "?limit=10&prefix=odd", "");
    success("list-a-namespace-s-keys", "?prefix=none", "");
    for (String key : List.of("plain", "meta", "text", "number")) {
      success("read-the-metadata-for-a-key", key, "");
      success("read-key-value-pair", key, "");
    }
    success("write-key-value-pair-with-metadata", "ttl?expiration_ttl=60", "v");
    success("write-key-value-pair-with-metadata", "moment?expiration=4102444800", "v");
    success("delete-key-value-pair", "ttl", "");
    success("delete-key-value-pair", "never-there", "");
  }

  private void bulk() {
    success("get-multiple-key-value-pairs", "", "{\"keys\":[\"plain\",\"empty\",\"none\"]}");
    success(
        "get-multiple-key-value-pairs",
        "",
        "{\"keys\":[\"plain\",\"meta\",\"number\",\"none\"],\"withMetadata\":true}");
    success(
        "get-multiple-key-value-pairs",
        "",
        "{\"keys\":[\"number\",\"text\",\"odd/é 😀\"],\"type\":\"json\"}");
    success(
        "get-multiple-key-value-pairs",
        "",
        "{\"keys\":[\"number\",\"none\"],\"type\":\"json\",\"withMetadata\":true}");
    success("write-multiple-key-value-pairs", "", "[]");
    success("delete-multiple-key-value-pairs", "", "[\"plain\",\"none\"]");
    success("delete-multiple-key-value-pairs", "", "[]");
    success("delete-multiple-key-value-pairs-deprecated", "", "[\"empty\"]");
  }

  private void errors() {
    for (Map.Entry<String, String> request : schema.requests().entrySet()) {
      if (request.getValue().contains("{namespace}")) {
        String key = request.getValue().contains("{key}") ? "k" : "";
        failureIn(NOWHERE, 404, request.getKey(), key, body(request.getKey()));
        failureIn("no-id", 400, request.getKey(), key, body(request.getKey()));
      }
    }
    failure(400, "list-namespaces", "?per_page=0", "");
    failure(400, "list-namespaces", "?order=size", "");
    failure(400, "create-a-namespace", "", "{\"title\":\"answers, renamed ✂\"}");
    failure(400, "create-a-namespace", "", "{\"title\":\"\"}");
    failure(400, "create-a-namespace", "", "no JSON");
    failure(400, "create-a-namespace", "", "{\"title\":\"x\",\"jurisdiction\":\"eu\"}");
    failure(400, "rename-a-namespace", "", "{}");
    failure(400, "list-a-namespace-s-keys", "?limit=0", "");
    failure(400, "list-a-namespace-s-keys", "?cursor=garbled", "");
    failure(404, "read-the-metadata-for-a-key", "none", "");
    failure(404, "read-key-value-pair", "none", "");
    failure(414, "read-key-value-pair", "x".repeat(513), "");
    failure(400, "read-key-value-pair", "..", "");
    failure(400, "write-key-value-pair-with-metadata", "k?expiration_ttl=0", "v");
    failure(400, "write-key-value-pair-with-metadata", "k?expiration=1", "v");
    failure(
        400, "write-key-value-pair-with-metadata", "k", "v", "Content-Type", "multipart/form-data");
    failure(412, "write-key-value-pair-with-metadata", "k", "v", "If-Match", "\"1\"");
    failure(414, "delete-key-value-pair", "x".repeat(513), "");
    failure(400, "write-multiple-key-value-pairs", "", "{}");
    failure(400, "write-multiple-key-value-pairs", "", "[{\"key\":\"a\"}]");
    failure(400, "delete-multiple-key-value-pairs", "", "[1]");
    failure(400, "delete-multiple-key-value-pairs-deprecated", "", "no JSON");
    failure(400, "get-multiple-key-value-pairs", "", "{\"keys\":[]}");
    failure(400, "get-multiple-key-value-pairs", "", "{\"keys\":[\"text\"],\"type\":\"xml\"}");
  }

  private static String body(String operation) {
    return switch (operation) {
      case "rename-a-namespace" -> "{\"title\":\"x\"}";
      case "write-multiple-key-value-pairs" -> "[{\"key\":\"k\",\"value\":\"v\"}]";
      case "delete-multiple-key-value-pairs", "delete-multiple-key-value-pairs-deprecated" ->
          "[\"k\"]";
      case "get-multiple-key-value-pairs" -> "{\"keys\":[\"k\"]}";
      case "write-key-value-pair-with-metadata" -> "v";
      default -> "";
    };
  }

  @Test
  void aDifferentResponseIsReported() {
    JsonNode noCode =
        JSON.readTree("{\"success\":false,\"errors\":[{\"code\":1}],\"messages\":[]}");
    assertThat(schema.problemsOfFailure(noCode)).hasSize(3);
    JsonNode longId =
        JSON.readTree(
            "{\"success\":true,\"errors\":[],\"messages\":[],\"result\":{\"id\":\"%s\",\"title\":7}}"
                .formatted("0".repeat(33)));
    assertThat(schema.problems("get-a-namespace", longId)).hasSize(2);
  }
}
