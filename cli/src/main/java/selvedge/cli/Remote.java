package selvedge.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import selvedge.cli.remote.TerminalText;
import selvedge.model.InvalidRequestException;
import selvedge.model.tls.Trust;
import selvedge.server.ServerFile;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The HTTP client of the commands for one server.
 *
 * @param token empty for an open server
 */
record Remote(URI uri, String token, Trust trust) {
  private static final Duration TIMEOUT = Duration.ofMinutes(30);
  private static final JsonMapper JSON = JsonMapper.shared();

  /**
   * Finds a server by its address or by its data directory on this machine. For the latter, the
   * local secret replaces the token. The secret is sent to no other address.
   */
  static Remote of(@Nullable URI address, String token, @Nullable Path data, Trust trust) {
    if ((address == null) == (data == null)) {
      throw new InvalidRequestException("either the URL of the server or --data is required");
    }
    if (address != null) {
      return new Remote(address, token, trust);
    }
    Path directory = Objects.requireNonNull(data);
    return new ServerFile(directory)
        .read()
        .map(endpoint -> new Remote(endpoint.uri(), endpoint.secret(), endpoint.trust(trust)))
        .orElseThrow(
            () ->
                new InvalidRequestException(
                    "no server is open on the data directory "
                        + directory
                        + ": none runs, or it still starts, for example as an edge that loads its"
                        + " first snapshot; then its log says what it waits for"));
  }

  JsonNode get(String path) {
    return request("GET", path, "");
  }

  /** Returns the JSON of a page of a server that may not answer at all. */
  JsonNode get(String path, Duration patience) {
    return json(send("GET", path, "", patience));
  }

  /** Returns the text of a page; throws its text for any status but 200. */
  String text(String path) {
    HttpResponse<String> response = send("GET", path, "", TIMEOUT);
    if (response.statusCode() != 200) {
      throw refused(response.body().strip());
    }
    return response.body();
  }

  /**
   * Sends a request and returns the JSON of the response. Throws the error message of the server
   * for any status but 200.
   */
  JsonNode request(String method, String path, String body) {
    return json(send(method, path, body, TIMEOUT));
  }

  private JsonNode json(HttpResponse<String> response) {
    try {
      JsonNode json = JSON.readTree(response.body());
      if (response.statusCode() != 200) {
        throw refused(json.path("error").path("message").asString(response.body()));
      }
      return json;
    } catch (JacksonException e) {
      throw new InvalidRequestException(
          uri + " is not a Selvedge server: its response is not JSON");
    }
  }

  private InvalidRequestException refused(String message) {
    return new InvalidRequestException(
        "the server at " + uri + " answered: " + TerminalText.escape(message));
  }

  private HttpResponse<String> send(String method, String path, String body, Duration timeout) {
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(uri.resolve(path))
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .timeout(timeout);
    if (!token.isEmpty()) {
      builder.header("Authorization", "Bearer " + token);
    }
    try (HttpClient client = trust.http().build()) {
      return client.send(builder.build(), HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot reach the server at " + uri, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
