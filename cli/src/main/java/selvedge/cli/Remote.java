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
import selvedge.model.InvalidRequestException;
import selvedge.model.tls.Trust;
import selvedge.server.ServerFile;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A server that is asked from the command line.
 *
 * @param token empty for a server that is open
 */
record Remote(URI uri, String token, Trust trust) {
  private static final Duration TIMEOUT = Duration.ofMinutes(30);
  private static final JsonMapper JSON = JsonMapper.shared();

  /**
   * Finds a server by its address, or by the data directory of one that runs on this machine, whose
   * local secret takes the place of a token. The secret goes to no other address.
   */
  static Remote of(@Nullable URI address, String token, @Nullable Path data, Trust trust) {
    if ((address == null) == (data == null)) {
      throw new InvalidRequestException(
          "give either the address of the edge, or --data with its data directory");
    }
    if (address != null) {
      return new Remote(address, token, trust);
    }
    Path directory = Objects.requireNonNull(data);
    return new ServerFile(directory)
        .read()
        .map(door -> new Remote(door.uri(), door.secret(), door.trust(trust)))
        .orElseThrow(
            () -> new InvalidRequestException("no server runs with the data in " + directory));
  }

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
    try (HttpClient client = trust.http().build()) {
      HttpResponse<String> response =
          client.send(request.build(), HttpResponse.BodyHandlers.ofString());
      JsonNode json = JSON.readTree(response.body());
      if (response.statusCode() != 200) {
        throw new InvalidRequestException(
            "the server at "
                + uri
                + " says: "
                + Shown.text(json.path("error").path("message").asString(response.body())));
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
