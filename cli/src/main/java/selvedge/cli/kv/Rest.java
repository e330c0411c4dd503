package selvedge.cli.kv;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import selvedge.cli.remote.TerminalText;
import selvedge.client.IncompatibleException;
import selvedge.model.InvalidRequestException;
import selvedge.model.NamespaceNotFoundException;
import selvedge.model.SelvedgeException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Requests that the Java client has no method for. */
final class Rest implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final int NOT_FOUND = 404;
  private static final String NO_ROUTE = "no_route";

  private final Connection.Endpoint server;
  private final HttpClient http;

  Rest(Connection.Endpoint server) {
    this.server = server;
    this.http = server.trust().http().build();
  }

  /** Returns the title of a namespace that is named by title or id, and does not create it. */
  String title(String name) {
    String target = "v1/namespaces/" + encode(name);
    return require(json("GET", target), target, "title").asString();
  }

  /**
   * Returns a member of an answer. Without it, the answer has a form that this release does not
   * know.
   */
  JsonNode require(JsonNode answer, String target, String member) {
    if (!answer.has(member)) {
      throw unknownForm("GET", target);
    }
    return answer.path(member);
  }

  /** Throws unless the program at this address is a Selvedge server. */
  void requireSelvedge() {
    if (ServerRelease.of(server).isEmpty()) {
      throw noSelvedge();
    }
  }

  JsonNode json(String method, String target) {
    return read(method, target, "");
  }

  JsonNode read(String method, String target, String body) {
    try (InputStream answer = open(method, target, body)) {
      return JSON.readTree(answer.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the answer of " + server.uri(), e);
    } catch (JacksonException e) {
      throw unknownForm(method, target);
    }
  }

  /** Returns the failure of an answer that this release cannot read. */
  SelvedgeException unknownForm(String method, String target) {
    return ServerRelease.of(server).isEmpty()
        ? noSelvedge()
        : new IncompatibleException(
            method + " /" + target + " has an answer of a form that this command does not know");
  }

  private InvalidRequestException noSelvedge() {
    return new InvalidRequestException(
        server.uri() + " is not a Selvedge server: set --server to the address of one");
  }

  /** Returns the body of an answer with status 200; throws the message of any other. */
  InputStream open(String method, String target, String body) throws IOException {
    return send(method, target, body).body();
  }

  HttpResponse<InputStream> send(String method, String target, String body) throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.uri().resolve("/" + target))
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    HttpResponse<InputStream> answer =
        exchange(server, http, request, HttpResponse.BodyHandlers.ofInputStream());
    if (answer.statusCode() >= 300) {
      throw failure(answer);
    }
    return answer;
  }

  /** Sends a request with the token of the server, and returns the answer, whatever its status. */
  static <T> HttpResponse<T> exchange(
      Connection.Endpoint server,
      HttpClient http,
      HttpRequest.Builder request,
      HttpResponse.BodyHandler<T> handler) {
    if (!server.token().isEmpty()) {
      request.header("Authorization", "Bearer " + server.token());
    }
    try {
      return http.send(request.build(), handler);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot reach the server at " + server.uri(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private RuntimeException failure(HttpResponse<InputStream> answer) throws IOException {
    JsonNode error = error(answer.body().readAllBytes());
    if (!error.has("message")) {
      requireSelvedge();
      return new InvalidRequestException(
          server.uri() + " answered with status " + answer.statusCode() + " and no reason");
    }
    String text = TerminalText.escape(error.path("message").asString());
    if (NO_ROUTE.equals(error.path("code").asString(""))) {
      return new IncompatibleException(text);
    }
    return answer.statusCode() == NOT_FOUND
        ? new NamespaceNotFoundException(text)
        : new InvalidRequestException(server.uri() + " answered: " + text);
  }

  private static JsonNode error(byte[] body) {
    try {
      JsonNode json = JSON.readTree(body);
      return json.has("errors") ? json.path("errors").path(0) : json.path("error");
    } catch (JacksonException e) {
      return JSON.missingNode();
    }
  }

  static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  @Override
  public void close() {
    http.close();
  }
}
