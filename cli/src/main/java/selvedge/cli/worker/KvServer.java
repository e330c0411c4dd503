package selvedge.cli.worker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import selvedge.model.InvalidRequestException;
import selvedge.model.tls.Trust;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Creates the namespaces of a Worker on a server. */
final class KvServer implements AutoCloseable {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final int PAGE = 1000;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final URI uri;
  private final String token;
  private final HttpClient http;

  /**
   * @param token empty for an open server
   */
  KvServer(URI uri, String token, Trust trust) {
    this.uri = uri;
    this.token = token;
    this.http = trust.http().build();
  }

  /** Returns whether no server listens at the address; throws if another program listens there. */
  static boolean isFree(URI uri, Trust trust) {
    try (HttpClient client = trust.http().build()) {
      HttpResponse<String> response =
          client.send(
              HttpRequest.newBuilder(uri.resolve("/livez")).timeout(TIMEOUT).build(),
              HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() == 200 && response.body().strip().equals("alive")) {
        return false;
      }
      throw new InvalidRequestException(
          "the program at " + uri + " is not a Selvedge server: set --server to another address");
    } catch (ConnectException e) {
      return true;
    } catch (IOException e) {
      throw new UncheckedIOException("the program at " + uri + " is not a Selvedge server", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /**
   * Creates a namespace for each name that is neither an id nor a title, and returns these names.
   */
  List<String> createMissing(List<String> names) {
    String account = account();
    Set<String> existing = new HashSet<>();
    String namespaces = "/client/v4/accounts/" + account + "/storage/kv/namespaces";
    for (int page = 1; ; page++) {
      JsonNode listed = request("GET", namespaces + "?per_page=" + PAGE + "&page=" + page, "");
      if (listed.isEmpty()) {
        break;
      }
      for (JsonNode namespace : listed) {
        existing.add(namespace.path("id").asString());
        existing.add(namespace.path("title").asString());
      }
    }
    List<String> missing =
        names.stream().distinct().filter(name -> !existing.contains(name)).toList();
    for (String name : missing) {
      request("POST", namespaces, JSON.writeValueAsString(Map.of("title", name)));
    }
    return missing;
  }

  private String account() {
    return Optional.of(request("GET", "/client/v4/accounts", ""))
        .map(accounts -> accounts.path(0).path("id").asString(""))
        .filter(id -> !id.isEmpty())
        .orElseThrow(() -> new InvalidRequestException("the server at " + uri + " has no account"));
  }

  private JsonNode request(String method, String path, String body) {
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(uri.resolve(path))
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .timeout(TIMEOUT);
    if (!token.isEmpty()) {
      builder.header("Authorization", "Bearer " + token);
    }
    try {
      HttpResponse<String> response =
          http.send(builder.build(), HttpResponse.BodyHandlers.ofString());
      JsonNode json = JSON.readTree(response.body());
      if (response.statusCode() != 200) {
        String message = json.path("errors").path(0).path("message").asString(response.body());
        throw new InvalidRequestException("the server at " + uri + " answered: " + message);
      }
      return json.path("result");
    } catch (IOException e) {
      throw new UncheckedIOException("cannot reach the server at " + uri, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  @Override
  public void close() {
    http.close();
  }
}
