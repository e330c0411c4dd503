package selvedge.verification.fuzz;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import selvedge.verification.process.Launch;
import selvedge.verification.process.RestClient;
import tools.jackson.databind.JsonNode;

/**
 * Fuzzes the headers that authenticate a request and those of Selvedge, on all protocols. No answer
 * may contain data of another account, and a repeated request must get the same answer.
 */
public final class CredentialsTarget {
  private static final String ROOT = "root-token-of-the-fuzzed-server-1";
  private static final String OTHER = "f".repeat(32);
  private static final int REPEATS = 3;
  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.1 (\\d{3}) ");
  private static final Pattern ANSWERS = Pattern.compile("(?=HTTP/1\\.1 \\d{3} )");
  private static final Pattern DATE = Pattern.compile("(?i)\r\ndate: [^\r]*");
  private static final FuzzedServer SERVER =
      new FuzzedServer("root-token", ROOT, "account", Launch.ACCOUNT);
  private static final RestClient CLIENT =
      new RestClient(SERVER.uri(), HttpClient.Version.HTTP_1_1, ROOT);
  private static final String SECRET =
      send("POST", "/v1/tokens", "{\"grant\":\"admin\",\"account\":\"" + Launch.ACCOUNT + "\"}")
          .path("secret")
          .asString();
  private static final List<String> PATHS =
      Stream.concat(paths(Launch.ACCOUNT, "own"), paths(OTHER, "foreign")).toList();
  private static final List<String> NAMES =
      List.of(
          "Authorization",
          "X-Auth-Key",
          "X-Auth-Email",
          "X-Auth-User-Service-Key",
          "CF-KV-Namespace-Id",
          "Selvedge-At-Least",
          "Selvedge-Cluster",
          "Selvedge-Consistency",
          "Selvedge-Epoch",
          "Selvedge-Max-Age",
          "Selvedge-Namespace",
          "Selvedge-Openings",
          "Selvedge-Version");
  private static final List<String> PIECES =
      List.of(
          "Bearer ",
          "bearer",
          SECRET,
          SECRET.substring(1),
          " ",
          "\t",
          "1",
          "\"",
          ",",
          "\u00e9",
          "");

  private CredentialsTarget() {}

  /** Starts the server before the first input, and checks that there are data to find. */
  public static void fuzzerInitialize() throws IOException {
    String own = send(request("GET", PATHS.get(1), bearer(SECRET)));
    String foreign = send(request("GET", PATHS.get(PATHS.size() / 2 + 1), bearer(ROOT)));
    if (!own.contains("value of own") || !foreign.contains("value of foreign")) {
      throw new AssertionError("the values are missing: " + own + foreign);
    }
  }

  private static String bearer(String secret) {
    return "Authorization: Bearer " + secret + "\r\n";
  }

  private static JsonNode send(String method, String path, String body) {
    return CLIENT.send(method, path, BodyPublishers.ofString(body)).ok().json();
  }

  /** Creates a namespace with a key whose value and metadata name their owner. */
  private static Stream<String> paths(String account, String owner) {
    String rest = "/client/v4/accounts/" + account + "/storage/kv/namespaces";
    String id =
        send("POST", rest, "{\"title\":\"" + owner + "\"}").path("result").path("id").asString();
    String pair =
        "[{\"key\":\"k\",\"value\":\"value of %s\",\"metadata\":\"metadata of %s\"}]"
            .formatted(owner, owner);
    send("PUT", rest + "/" + id + "/bulk", pair);
    return Stream.of(
        rest,
        rest + "/" + id + "/values/k",
        rest + "/" + id + "/metadata/k",
        rest + "/" + id + "/keys",
        "/kv/" + id + "/k",
        "/kv/" + id + "/?key_count_limit=10",
        "/kv/" + owner + "/k",
        "/v1/namespaces/" + id + "/values/k?account=" + account,
        "/v1/namespaces/" + owner + "/values/k",
        "/v1/namespaces/" + id + "/keys?account=" + account,
        "/v1/snapshot",
        "/v1/tokens",
        "/v1/status");
  }

  private static String request(String method, String path, String fields) {
    return method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n" + fields + "\r\n";
  }

  /** Repeats the request, with one after it that closes the connection. */
  private static String send(String request) throws IOException {
    String all = request.repeat(REPEATS) + request("GET", "/livez", "Connection: close\r\n");
    return SERVER.send(all.getBytes(StandardCharsets.ISO_8859_1), false);
  }

  /** Called for each input. */
  public static void fuzzerTestOneInput(FuzzedDataProvider data) throws IOException {
    String method = data.pickValue(List.of("GET", "GET", "HEAD"));
    String path = data.pickValue(PATHS);
    String fields = fields(data);
    String request = request(method, path, fields);
    String answers = DATE.matcher(send(request)).replaceAll("");
    requireOwn(request, answers);
    requireStatus(request, answers);
    List<String> each = List.of(ANSWERS.split(answers));
    boolean same = Set.copyOf(each.subList(0, Math.min(REPEATS, each.size()))).size() == 1;
    if (!same || (each.size() > 1 && each.size() != REPEATS + 1)) {
      throw new AssertionError(request + " has different answers:\n" + answers);
    }
  }

  private static String fields(FuzzedDataProvider data) {
    var fields = new StringBuilder();
    int count = data.consumeInt(0, 4);
    for (int i = 0; i < count; i++) {
      fields.append(data.pickValue(NAMES)).append(": ");
      int pieces = data.consumeInt(0, 3);
      for (int j = 0; j < pieces; j++) {
        fields.append(data.consumeInt(0, 3) == 0 ? line(data) : data.pickValue(PIECES));
      }
      fields.append("\r\n");
    }
    return fields.toString();
  }

  private static String line(FuzzedDataProvider data) {
    return new String(data.consumeBytes(12), StandardCharsets.ISO_8859_1)
        .replace("\r", "")
        .replace("\n", "");
  }

  private static void requireOwn(String request, String answers) {
    if (answers.contains(" of foreign")) {
      throw new AssertionError(request + " returns data of another account:\n" + answers);
    }
    if (answers.contains(" of own") && !request.contains(SECRET)) {
      throw new AssertionError(request + " returns data without a token:\n" + answers);
    }
  }

  private static void requireStatus(String request, String answers) {
    for (Matcher status = STATUS.matcher(answers); status.find(); ) {
      if (status.group(1).startsWith("5")) {
        throw new AssertionError(request + " is answered\n" + answers);
      }
    }
  }
}
