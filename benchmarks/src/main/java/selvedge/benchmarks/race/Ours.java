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
 * A server of ours, with a token, and with one namespace in it.
 *
 * @param namespace its id
 */
record Ours(Program program, String url, String account, String namespace)
    implements AutoCloseable {
  static final String TOKEN = "root-token-of-the-race-0123456789";
  private static final Pattern LISTENING = Pattern.compile("listening on (\\S+)");
  static final String ACCOUNT = "0123456789abcdef0123456789abcdef";

  static Ours start(Field field, Path data, List<String> options)
      throws IOException, InterruptedException {
    return start(field, data, options, Map.of());
  }

  /**
   * @param variables of its environment
   */
  static Ours start(Field field, Path data, List<String> options, Map<String, String> variables)
      throws IOException, InterruptedException {
    return fresh(serve(field, data, with(options), variables));
  }

  /** On many keys, in a directory of its own. */
  static Ours on(Field field, ManyKeys many, List<String> options)
      throws IOException, InterruptedException {
    Path data = field.fresh("many");
    many.linkTo(data.resolve("data"));
    Serving serving = serve(field, data, with(options), Map.of());
    return new Ours(serving.program(), serving.url(), ACCOUNT, many.namespace().hex());
  }

  private static List<String> with(List<String> options) {
    List<String> all = new ArrayList<>(List.of("--account", ACCOUNT, "--root-token", TOKEN));
    all.addAll(options);
    return all;
  }

  /** An edge, which has its account and its tokens from its origin. */
  static Ours edge(Field field, Path data, Ours origin) throws IOException, InterruptedException {
    return fresh(
        serve(
            field,
            data,
            List.of("--origin", origin.url(), "--origin-token", TOKEN, "--location", "edge"),
            Map.of()));
  }

  private static Ours fresh(Serving serving) throws IOException, InterruptedException {
    return new Ours(serving.program(), serving.url(), ACCOUNT, namespace(serving.url()));
  }

  private static Serving serve(
      Field field, Path data, List<String> options, Map<String, String> variables)
      throws IOException, InterruptedException {
    Map<String, String> environment = new HashMap<>(variables);
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    List<String> command = new ArrayList<>();
    command.addAll(List.of(field.root().resolve("selvedge").toString(), "serve"));
    command.addAll(List.of("--listen", "127.0.0.1:0", "--data", data.resolve("data").toString()));
    command.addAll(options);
    Program program = Program.start(data.resolve("log"), environment, command);
    return new Serving(program, program.awaitSaid(LISTENING));
  }

  /** Makes a namespace at the server, and returns its id. */
  static String namespace(String url) throws IOException, InterruptedException {
    String answer =
        Answers.send(
            "POST",
            url + "/client/v4/accounts/" + ACCOUNT + "/storage/kv/namespaces",
            TOKEN,
            "{\"title\":\"race" + System.nanoTime() + "\"}");
    Matcher matcher = Pattern.compile("\"id\":\"([0-9a-f]+)\"").matcher(answer);
    if (!matcher.find()) {
      throw new IOException("a namespace without an id: " + answer);
    }
    return matcher.group(1);
  }

  String rest() {
    return url + restPath();
  }

  /** What {@link #rest} has behind the server's address. */
  String restPath() {
    return inNamespace() + "/values/";
  }

  /** Where its keys are listed. */
  String keys() {
    return url + keysPath();
  }

  /** What {@link #keys} has behind the server's address. */
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
    Answers.send("PUT", rest() + key, TOKEN, value);
    Answers.send("GET", rest() + key, TOKEN, "");
  }

  List<String> headers() {
    return List.of("Authorization: Bearer " + TOKEN);
  }

  @Override
  public void close() {
    program.close();
  }
}
