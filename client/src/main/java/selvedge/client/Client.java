package selvedge.client;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import selvedge.model.Bytes;
import selvedge.model.InvalidRequestException;
import selvedge.model.LimitExceededException;
import selvedge.model.Namespace;
import selvedge.model.NamespaceId;
import selvedge.model.NamespaceNotFoundException;
import selvedge.model.Selvedge;
import selvedge.model.SelvedgeException;
import selvedge.model.TitleTakenException;

/**
 * The namespaces of an account at a server. Safe for use by many threads.
 *
 * <p>Every method that makes a request blocks until the deadline at most. A request that has
 * certainly changed nothing is sent again; if no server answers in time, an {@link
 * UnreachableException} is thrown. A change that was sent and not answered is not sent again and
 * throws an {@link UncertainException}. A refusal that has no exception of its own in the model is
 * a {@link RefusedException}.
 *
 * {@snippet class="selvedge.examples.FirstSteps" region="client"}
 */
public final class Client implements Selvedge {
  private static final int TITLES_AT_ONCE = 100;
  private static final Pattern ACCOUNT = Pattern.compile("\"account\":\"([0-9a-f]{32})\"");
  private static final Pattern TITLE = Pattern.compile("\"title\":\"((?:[^\"\\\\]|\\\\.)*)\"");
  private static final int NOT_FOUND = 10013;
  private static final int TITLE_TAKEN = 10014;
  private static final int TOO_MANY = 10018;
  private static final int BAD_TITLE = 10019;
  private static final Pattern CODE = Pattern.compile("\"code\":(\\d+)");

  private final ClientOptions options;
  private final Transport transport;
  private final Map<String, Namespace> opened = new ConcurrentHashMap<>();

  private Client(ClientOptions options) {
    this.options = options;
    this.transport = new Transport(options, new Random());
  }

  /**
   * Returns a client. It connects with the first request.
   *
   * @param options servers, token and limits
   * @return the client, which the caller must close
   */
  public static Client of(ClientOptions options) {
    return new Client(options);
  }

  @Override
  public Namespace namespace(String title) {
    return opened.computeIfAbsent(title, this::open);
  }

  private Namespace open(String title) {
    return transport.send(
        ClientRequest.change("namespace", "PUT", v1(title), BodyPublishers.noBody()).idempotent(),
        answer -> new RemoteNamespace(transport, id(answer)));
  }

  private NamespaceId find(String title) {
    return transport.send(ClientRequest.read("namespace", v1(title)), Client::id);
  }

  private static NamespaceId id(HttpResponse<InputStream> answer) throws IOException {
    byte[] body = Answers.body(answer);
    if (answer.statusCode() != 200) {
      throw Failures.of(answer.statusCode(), body);
    }
    return answer
        .headers()
        .firstValue("Selvedge-Namespace")
        .map(NamespaceId::new)
        .orElseThrow(
            () ->
                new RefusedException(answer.statusCode(), answer.uri() + " is no Selvedge server"));
  }

  /** Returns the target of a namespace by title in the native protocol. */
  private String v1(String title) {
    String account = options.account().isEmpty() ? "" : "?account=" + options.account();
    return "/v1/namespaces/" + encode(title) + account;
  }

  /** Returns the target of all namespaces in REST v4, which alone lists and changes them. */
  private String rest() {
    String account = options.account().isEmpty() ? ownAccount() : options.account();
    return "/client/v4/accounts/" + account + "/storage/kv/namespaces";
  }

  private String ownAccount() {
    return transport.send(
        ClientRequest.read("account", "/v1/usage"),
        answer -> {
          byte[] body = Answers.body(answer);
          Matcher account = ACCOUNT.matcher(new String(body, StandardCharsets.UTF_8));
          if (answer.statusCode() != 200 || !account.find()) {
            throw Failures.of(answer.statusCode(), body);
          }
          return account.group(1);
        });
  }

  @Override
  public List<String> titles() {
    String target = rest() + "?per_page=" + TITLES_AT_ONCE + "&page=";
    List<String> titles = new ArrayList<>();
    int page = 1;
    while (titles.size() == (page - 1) * TITLES_AT_ONCE) {
      ClientRequest request = ClientRequest.read("titles", target + page);
      titles.addAll(transport.send(request, Client::titles));
      page++;
    }
    return List.copyOf(titles);
  }

  private static List<String> titles(HttpResponse<InputStream> answer) throws IOException {
    String body = new String(Answers.body(answer), StandardCharsets.UTF_8);
    if (answer.statusCode() != 200) {
      throw Failures.of(answer.statusCode(), body.getBytes(StandardCharsets.UTF_8));
    }
    return TITLE
        .matcher(body)
        .results()
        .map(title -> JsonStrings.unescape(title.group(1)))
        .toList();
  }

  @Override
  public Namespace create(String title) {
    change("create", "POST", rest(), title(title)).ifPresent(refusal -> refuse(refusal, title));
    return namespace(title);
  }

  @Override
  public void rename(String title, String newTitle) {
    String target = rest() + "/" + find(title);
    change("rename", "PUT", target, title(newTitle))
        .ifPresent(refusal -> refuse(refusal, newTitle));
    opened.remove(title);
  }

  @Override
  public void delete(String title) {
    String target = rest() + "/" + find(title);
    change("delete namespace", "DELETE", target, "").ifPresent(refusal -> refuse(refusal, title));
    opened.remove(title);
  }

  private static String title(String title) {
    return "{\"title\":" + JsonStrings.quote(title) + "}";
  }

  /**
   * An error of REST v4.
   *
   * @param code its number in REST v4; 0 if it has none
   */
  private record Refusal(int code, SelvedgeException failure) {}

  private Optional<Refusal> change(String operation, String method, String target, String body) {
    ClientRequest request =
        ClientRequest.change(
                operation, method, target, BodyPublishers.ofByteArray(Bytes.utf8(body).toArray()))
            .with("Content-Type", "application/json");
    return transport.send(
        request,
        answer -> {
          byte[] read = Answers.body(answer);
          return answer.statusCode() < 400
              ? Optional.empty()
              : Optional.of(new Refusal(code(read), Failures.of(answer.statusCode(), read)));
        });
  }

  private static int code(byte[] body) {
    Matcher code = CODE.matcher(new String(body, StandardCharsets.UTF_8));
    return code.find() ? Integer.parseInt(code.group(1)) : 0;
  }

  private void refuse(Refusal refusal, String title) {
    String message = String.valueOf(refusal.failure().getMessage());
    throw switch (refusal.code()) {
      case NOT_FOUND -> new NamespaceNotFoundException(message);
      case TITLE_TAKEN -> new TitleTakenException(title, find(title));
      case TOO_MANY -> new LimitExceededException(message);
      case BAD_TITLE ->
          title.isEmpty()
              ? new InvalidRequestException(message)
              : new LimitExceededException(message);
      default -> refusal.failure();
    };
  }

  private static String encode(String title) {
    return RemoteNamespace.encode(Bytes.utf8(title));
  }

  @Override
  public void close() {
    transport.close();
  }
}
