package selvedge.benchmarks.race;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A Selvedge server with a token and one namespace.
 *
 * @param namespace the id of the namespace
 */
record SelvedgeServer(Program program, String url, String account, String namespace)
    implements AutoCloseable {
  static final String TOKEN = "root-token-of-the-race-0123456789";
  private static final Pattern LISTENING = Pattern.compile("listening on (\\S+)");
  static final String ACCOUNT = "0123456789abcdef0123456789abcdef";

  static SelvedgeServer start(Environment environment, Path data, List<String> options)
      throws IOException, InterruptedException {
    return start(environment, data, options, Map.of());
  }

  /**
   * @param variables additional environment variables
   */
  static SelvedgeServer start(
      Environment environment, Path data, List<String> options, Map<String, String> variables)
      throws IOException, InterruptedException {
    return newFolder(serve(environment, data, with(options), variables));
  }

  /** Starts a server on many keys in a new directory. */
  static SelvedgeServer on(Environment environment, ManyKeys many, List<String> options)
      throws IOException, InterruptedException {
    Path data = environment.newFolder("many");
    many.linkTo(data.resolve("data"));
    ServedValue serving = serve(environment, data, with(options), Map.of());
    return new SelvedgeServer(serving.program(), serving.url(), ACCOUNT, many.namespace().hex());
  }

  private static List<String> with(List<String> options) {
    List<String> all = new ArrayList<>(List.of("--account", ACCOUNT, "--root-token", TOKEN));
    all.addAll(options);
    return all;
  }

  /** Starts an edge, which uses the account and the tokens of its origin. */
  static SelvedgeServer edge(Environment environment, Path data, SelvedgeServer origin)
      throws IOException, InterruptedException {
    return newFolder(
        serve(
            environment,
            data,
            List.of("--origin", origin.url(), "--origin-token", TOKEN, "--location", "edge"),
            Map.of()));
  }

  private static SelvedgeServer newFolder(ServedValue serving)
      throws IOException, InterruptedException {
    return new SelvedgeServer(serving.program(), serving.url(), ACCOUNT, namespace(serving.url()));
  }

  /** A server that does not listen yet. */
  record Starting(Program program) {
    ServedValue await() throws IOException, InterruptedException {
      return new ServedValue(program, program.awaitOutput(LISTENING));
    }
  }

  /** Starts a server, which may wait for others before it listens. */
  static Starting begin(Environment environment, Path data, int port, List<String> options)
      throws IOException {
    return begin(environment, data, port, with(options), Map.of());
  }

  private static Starting begin(
      Environment environment,
      Path data,
      int port,
      List<String> options,
      Map<String, String> variables)
      throws IOException {
    Map<String, String> allVariables = new HashMap<>(environment.serverVariables());
    allVariables.putAll(variables);
    allVariables.put("JAVA_HOME", System.getProperty("java.home"));
    List<String> command = new ArrayList<>();
    command.addAll(List.of(environment.root().resolve("selvedge").toString(), "serve"));
    command.addAll(List.of("--listen", "127.0.0.1:" + port));
    command.addAll(List.of("--data", data.resolve("data").toString()));
    command.addAll(options);
    return new Starting(Program.start(data.resolve("log"), allVariables, command));
  }

  private static ServedValue serve(
      Environment environment, Path data, List<String> options, Map<String, String> variables)
      throws IOException, InterruptedException {
    return begin(environment, data, 0, options, variables).await();
  }

  /** Creates a namespace and returns its id. */
  static String namespace(String url) throws IOException, InterruptedException {
    String answer =
        HttpRequests.send(
            "POST",
            url + "/client/v4/accounts/" + ACCOUNT + "/storage/kv/namespaces",
            TOKEN,
            "{\"title\":\"race" + System.nanoTime() + "\"}");
    Matcher matcher = Pattern.compile("\"id\":\"([0-9a-f]+)\"").matcher(answer);
    if (!matcher.find()) {
      throw new IOException("the response to a new namespace has no id: " + answer);
    }
    return matcher.group(1);
  }

  String rest() {
    return url + restPath();
  }

  /** Returns the path of {@link #rest}. */
  String restPath() {
    return inNamespace() + "/values/";
  }

  /** Returns the URL that lists its keys. */
  String keys() {
    return url + keysPath();
  }

  /** Returns the path of {@link #keys}. */
  String keysPath() {
    return inNamespace() + "/keys";
  }

  private String inNamespace() {
    return "/client/v4/accounts/" + account + "/storage/kv/namespaces/" + namespace;
  }

  String binding() {
    return url + "/kv/" + namespace + "/";
  }

  void put(String key, String value) throws IOException, InterruptedException {
    HttpRequests.send("PUT", rest() + key, TOKEN, value);
    HttpRequests.send("GET", rest() + key, TOKEN, "");
  }

  List<String> headers() {
    return List.of("Authorization: Bearer " + TOKEN);
  }

  @Override
  public void close() {
    program.close();
  }
}
