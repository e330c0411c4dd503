package selvedge.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import selvedge.model.InvalidRequestException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A server that is asked from the command line.
 *
 * @param token empty for a server that is open
 */
record Remote(URI uri, String token) {
  private static final Duration TIMEOUT = Duration.ofMinutes(30);
  private static final JsonMapper JSON = JsonMapper.shared();

  JsonNode get(String path) {
    return ask("GET", path, "");
  }

  /** Returns the answer, or throws what the server says is wrong. */
  JsonNode ask(String method, String path, String body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri.resolve(path))
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .timeout(TIMEOUT);
    if (!token.isEmpty()) {
      request.header("Authorization", "Bearer " + token);
    }
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> response =
          client.send(request.build(), HttpResponse.BodyHandlers.ofString());
      JsonNode json = JSON.readTree(response.body());
      if (response.statusCode() != 200) {
        throw new InvalidRequestException(
            "the server at "
                + uri
                + " says: "
                + json.path("error").path("message").asString(response.body()));
      }
      return json;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot ask the server at " + uri, e);
    } catch (JacksonException e) {
      throw new InvalidRequestException("what answers at " + uri + " is no Selvedge server");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}
