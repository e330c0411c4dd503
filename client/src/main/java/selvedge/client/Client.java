package selvedge.client;

import java.net.URLEncoder;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import selvedge.model.Namespace;
import selvedge.model.NamespaceId;
import selvedge.model.Selvedge;

/**
 * Namespaces at a server. Safe for use by many threads.
 *
 * {@snippet class="selvedge.examples.FirstSteps" region="client"}
 */
public final class Client implements Selvedge {
  private final ClientOptions options;
  private final Transport transport;
  private final Map<String, Namespace> opened = new ConcurrentHashMap<>();

  private Client(ClientOptions options) {
    this.options = options;
    this.transport = new Transport(options, new Random());
  }

  /** Connects when something is asked for. */
  public static Client of(ClientOptions options) {
    return new Client(options);
  }

  @Override
  public Namespace namespace(String title) {
    return opened.computeIfAbsent(title, this::open);
  }

  private Namespace open(String title) {
    String target =
        "/v1/namespaces/" + encode(title) + (options.account().isEmpty() ? "" : account());
    Ask ask = Ask.change("namespace", "PUT", target, BodyPublishers.noBody());
    return transport.send(
        ask,
        answer -> {
          byte[] body = RemoteNamespace.body(answer);
          if (answer.statusCode() != 200) {
            throw Failures.of(answer.statusCode(), body);
          }
          return answer
              .headers()
              .firstValue("Selvedge-Namespace")
              .map(id -> new RemoteNamespace(transport, new NamespaceId(id)))
              .orElseThrow(
                  () ->
                      new RefusedException(
                          answer.statusCode(),
                          answer.uri() + " answers, but is no Selvedge server"));
        });
  }

  private String account() {
    return "?account=" + encode(options.account());
  }

  private static String encode(String title) {
    return URLEncoder.encode(title, StandardCharsets.UTF_8).replace("+", "%20");
  }

  @Override
  public void close() {
    transport.close();
  }
}
