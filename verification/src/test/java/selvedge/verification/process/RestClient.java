package selvedge.verification.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import selvedge.model.Bytes;
import selvedge.server.ServerFile;

/**
 * A client of REST v4 and {@code /v1} for one server and {@link Launch#ACCOUNT}.
 *
 * <p>Safe for use by many threads. A broken connection throws an {@link UncheckedIOException}; each
 * response is a {@link Reply}.
 */
public final class RestClient implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofMinutes(2);

  private final HttpClient http;
  private final URI server;
  private final String token;

  public RestClient(URI server) {
    this(server, HttpClient.Version.HTTP_1_1, "");
  }

  /** Returns a client with the local secret of the server that runs on a data directory. */
  public static RestClient ofOwner(Path data) {
    ServerFile.Endpoint endpoint = new ServerFile(data).read().orElseThrow();
    return new RestClient(endpoint.uri(), HttpClient.Version.HTTP_1_1, endpoint.secret());
  }

  /**
   * @param token the bearer token; empty for none
   */
  public RestClient(URI server, HttpClient.Version version, String token) {
    this.http = HttpClient.newBuilder().version(version).build();
    this.server = server;
    this.token = token;
  }

  /** Creates a namespace and returns its id. */
  public String createNamespace(String title) {
    String body = "{\"title\":\"" + title + "\"}";
    Reply reply = send("POST", account(), BodyPublishers.ofString(body));
    return reply.ok().json().path("result").path("id").asString();
  }

  /** Returns the titles of the first page of namespaces of the first account. */
  public List<String> titles() {
    String account =
        send("GET", "/client/v4/accounts", BodyPublishers.noBody())
            .ok()
            .json()
            .path("result")
            .path(0)
            .path("id")
            .asString();
    String path = "/client/v4/accounts/" + account + "/storage/kv/namespaces";
    List<String> titles = new ArrayList<>();
    send("GET", path, BodyPublishers.noBody())
        .ok()
        .json()
        .path("result")
        .forEach(each -> titles.add(each.path("title").asString()));
    return titles;
  }

  public Reply put(String namespace, String key, Bytes value, String... headers) {
    return send("PUT", value(namespace, key), BodyPublishers.ofByteArray(value.toArray()), headers);
  }

  /** Puts a stream without a Content-Length. */
  public Reply put(String namespace, String key, Supplier<InputStream> value) {
    return send("PUT", value(namespace, key), BodyPublishers.ofInputStream(value));
  }

  public Reply get(String namespace, String key, String... headers) {
    return send("GET", value(namespace, key), BodyPublishers.noBody(), headers);
  }

  /** Puts a value in a multipart form, like the SDKs. */
  public Reply putForm(String namespace, String key, Bytes value) {
    String boundary = "form-of-a-test";
    Bytes start =
        Bytes.utf8("--" + boundary + "\r\nContent-Disposition: form-data; name=\"value\"\r\n\r\n");
    Bytes end = Bytes.utf8("\r\n--" + boundary + "--\r\n");
    return send(
        "PUT",
        value(namespace, key),
        BodyPublishers.ofByteArray(start.plus(value).plus(end).toArray()),
        "Content-Type",
        "multipart/form-data; boundary=" + boundary);
  }

  /** Returns the response with the value as a stream. The caller must close it. */
  public HttpResponse<InputStream> open(String namespace, String key) {
    return exchange(
        request("GET", value(namespace, key), BodyPublishers.noBody()),
        BodyHandlers.ofInputStream());
  }

  /** Returns a body that may be endless. The caller must close it. */
  public InputStream stream(String path, String... headers) {
    return exchange(
            request("GET", path, BodyPublishers.noBody(), headers), BodyHandlers.ofInputStream())
        .body();
  }

  public Reply delete(String namespace, String key, String... headers) {
    return send("DELETE", value(namespace, key), BodyPublishers.noBody(), headers);
  }

  /** Puts pairs in the JSON array of REST v4. */
  public Reply bulkPut(String namespace, String json) {
    return send("PUT", namespace(namespace) + "/bulk", BodyPublishers.ofString(json));
  }

  /** Deletes keys in a JSON array of their names. */
  public Reply bulkDelete(String namespace, String json) {
    return send("POST", namespace(namespace) + "/bulk/delete", BodyPublishers.ofString(json));
  }

  /** Lists one page with a query such as {@code prefix=a&limit=10}. */
  public Reply list(String namespace, String query, String... headers) {
    return send("GET", namespace(namespace) + "/keys?" + query, BodyPublishers.noBody(), headers);
  }

  /** Adds to the number of the key. The response has the sum as {@code value}. */
  public Reply increment(String namespace, String key, long amount) {
    return send(
        "POST",
        "/v1/namespaces/" + namespace + "/increment/" + encode(key) + "?by=" + amount,
        BodyPublishers.noBody());
  }

  /** Deletes a namespace. */
  public Reply deleteNamespace(String namespace) {
    return send("DELETE", namespace(namespace), BodyPublishers.noBody());
  }

  public Reply send(String method, String path, BodyPublisher body, String... headers) {
    HttpResponse<byte[]> response =
        exchange(request(method, path, body, headers), BodyHandlers.ofByteArray());
    return new Reply(response.statusCode(), response.headers(), Bytes.adopt(response.body()));
  }

  private HttpRequest request(String method, String path, BodyPublisher body, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(server + path)).timeout(TIMEOUT).method(method, body);
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return request.build();
  }

  private <T> HttpResponse<T> exchange(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
    try {
      return http.send(request, handler);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted while the server answered", e);
    }
  }

  public static String account() {
    return "/client/v4/accounts/" + Launch.ACCOUNT + "/storage/kv/namespaces";
  }

  public static String namespace(String id) {
    return account() + "/" + id;
  }

  public static String value(String namespace, String key) {
    return namespace(namespace) + "/values/" + encode(key);
  }

  private static String encode(String key) {
    return URLEncoder.encode(key, StandardCharsets.UTF_8).replace("+", "%20");
  }

  @Override
  public void close() {
    http.shutdownNow();
    http.close();
  }
}
