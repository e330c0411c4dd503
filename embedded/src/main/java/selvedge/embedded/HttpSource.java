package selvedge.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import selvedge.engine.replication.GoneException;
import selvedge.engine.replication.Position;
import selvedge.engine.replication.Source;
import selvedge.model.Key;
import selvedge.model.NamespaceId;
import selvedge.model.Version;
import selvedge.model.tls.Trust;

/** A server as an edge inside a program sees it. Safe for use by many threads. */
final class HttpSource implements Source, AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final int SAID_BYTES_MAX = 1000;

  private final HttpClient http;
  private final URI origin;
  private final String token;
  private final Duration patience;
  private final Supplier<String> report;

  /**
   * @param report what the edge tells of itself, as a JSON object
   * @param patience for the next piece of an answer
   */
  HttpSource(URI origin, String token, Supplier<String> report, Duration patience, Trust trust) {
    this.http = trust.http().connectTimeout(CONNECT).build();
    this.origin = origin;
    this.token = token;
    this.report = report;
    this.patience = patience;
  }

  @Override
  public InputStream feed(Version after, long epoch) throws IOException {
    return feed(after, epoch, Begun.NOTHING);
  }

  @Override
  public InputStream feed(Version after, long epoch, Begun begun) throws IOException {
    return open(
        "/v1/feed?after=" + after + "&epoch=" + epoch + begun.query(),
        "application/vnd.selvedge.feed");
  }

  @Override
  public InputStream snapshot() throws IOException {
    return open("/v1/snapshot", "application/vnd.selvedge.snapshot");
  }

  @Override
  public InputStream snapshotBehind(NamespaceId namespace, Key key) throws IOException {
    return snapshotBehind(namespace, key, Begun.NOTHING);
  }

  @Override
  public InputStream snapshotBehind(NamespaceId namespace, Key key, Begun begun)
      throws IOException {
    String behind =
        "namespace=" + namespace + "&key=" + URLEncoder.encode(key.name(), StandardCharsets.UTF_8);
    return open("/v1/snapshot?" + behind + begun.query(), "application/vnd.selvedge.snapshot");
  }

  @Override
  public Reading read(NamespaceId namespace, List<Key> keys, Version least) throws IOException {
    throw new IOException("an edge inside a program caches no namespace");
  }

  @Override
  public Position position() throws IOException {
    HttpRequest request =
        request("/v1/position", "application/json")
            .timeout(patience)
            .POST(BodyPublishers.ofString(report.get()))
            .build();
    try (InputStream body = accepted(send(request))) {
      String json = new String(body.readAllBytes(), StandardCharsets.UTF_8);
      return new Position(
          Long.parseLong(member(json, "epoch", "(\\d+)")),
          new Version(Long.parseLong(member(json, "version", "(\\d+)"))),
          Duration.ofNanos(Long.parseLong(member(json, "age_nanos", "(\\d+)"))),
          Instant.parse(member(json, "at", "\"([^\"]+)\"")));
    } catch (DateTimeException | NumberFormatException e) {
      throw new IOException(origin + " does not say how far it is", e);
    }
  }

  private String member(String json, String name, String pattern) throws IOException {
    Matcher matcher = Pattern.compile("\"" + name + "\":" + pattern).matcher(json);
    if (!matcher.find()) {
      throw new IOException(origin + " does not say its " + name);
    }
    return matcher.group(1);
  }

  private InputStream open(String target, String accept) throws IOException {
    return new PatientStream(accepted(send(request(target, accept).GET().build())), patience);
  }

  private HttpRequest.Builder request(String target, String accept) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(origin.resolve(target)).timeout(patience).header("Accept", accept);
    return token.isEmpty() ? request : request.header("Authorization", "Bearer " + token);
  }

  private HttpResponse<InputStream> send(HttpRequest request) throws IOException {
    try {
      return http.send(request, BodyHandlers.ofInputStream());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted before " + origin + " answered", e);
    }
  }

  private InputStream accepted(HttpResponse<InputStream> answer) throws IOException {
    if (answer.statusCode() == 200) {
      return answer.body();
    }
    try (InputStream body = answer.body()) {
      String said = new String(body.readNBytes(SAID_BYTES_MAX), StandardCharsets.UTF_8);
      String message = origin + " answers " + answer.statusCode() + ": " + said;
      throw answer.statusCode() == 410 ? new GoneException(message) : new IOException(message);
    }
  }

  /** Ends what waits for an answer, too. */
  @Override
  public void close() {
    http.shutdownNow();
  }
}
