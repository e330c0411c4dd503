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
import selvedge.model.InvalidRequestException;
import selvedge.model.NamespaceNotFoundException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Requests that the Java client has no method for. */
final class Rest implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final int NOT_FOUND = 404;

  private final Connection.Endpoint server;
  private final HttpClient http;

  Rest(Connection.Endpoint server) {
    this.server = server;
    this.http = server.trust().http().build();
  }

  /** Returns the title of a namespace that is named by title or id, and does not create it. */
  String title(String name) {
    return json("GET", "v1/namespaces/" + encode(name)).path("title").asString(name);
  }

  JsonNode json(String method, String target) {
    return read(method, target, "");
  }

  JsonNode read(String method, String target, String body) {
    try (InputStream answer = open(method, target, body)) {
      return JSON.readTree(answer.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot reach the server at " + server.uri(), e);
    } catch (JacksonException e) {
      throw new InvalidRequestException(
          server.uri() + " is not a Selvedge server: its response is not JSON");
    }
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
    if (!server.token().isEmpty()) {
      request.header("Authorization", "Bearer " + server.token());
    }
    HttpResponse<InputStream> answer;
    try {
      answer = http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
    if (answer.statusCode() >= 300) {
      throw failure(answer);
    }
    return answer;
  }

  private RuntimeException failure(HttpResponse<InputStream> answer) throws IOException {
    String body = new String(answer.body().readAllBytes(), StandardCharsets.UTF_8);
    String message = body;
    try {
      JsonNode json = JSON.readTree(body);
      message =
          json.has("errors")
              ? json.path("errors").path(0).path("message").asString(body)
              : json.path("error").path("message").asString(body);
    } catch (JacksonException e) {
      message = body.isBlank() ? "status " + answer.statusCode() : body;
    }
    String text = TerminalText.escape(message);
    return answer.statusCode() == NOT_FOUND
        ? new NamespaceNotFoundException(text)
        : new InvalidRequestException(server.uri() + " answered: " + text);
  }

  static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  @Override
  public void close() {
    http.close();
  }
}
