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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import selvedge.engine.replication.ClusterId;
import selvedge.engine.replication.Descent;
import selvedge.engine.replication.ForeignException;
import selvedge.engine.replication.GoneException;
import selvedge.engine.replication.Lineage;
import selvedge.engine.replication.Openings;
import selvedge.engine.replication.Position;
import selvedge.engine.replication.Source;
import selvedge.model.InvalidRequestException;
import selvedge.model.Key;
import selvedge.model.NamespaceId;
import selvedge.model.Version;
import selvedge.model.tls.Trust;

/** A server as the source of an embedded edge, over HTTP. Safe for use by many threads. */
final class HttpSource implements Source, AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final int MESSAGE_BYTES_MAX = 1000;
  private static final Pattern ANCESTOR = Pattern.compile("\"epoch\":(\\d+),\"version\":(\\d+)");

  /** Where the server is, and what this edge and the server prove to each other. */
  record Address(URI origin, String token, Trust trust) {}

  private final HttpClient http;
  private final URI origin;
  private final String token;
  private final Duration patience;
  private final Supplier<String> report;
  private final Supplier<Optional<ClusterId>> cluster;

  /**
   * @param report returns the status of the edge as a JSON object
   * @param cluster the cluster of the edge; empty before its first snapshot
   * @param patience the longest wait for the next bytes of an answer
   */
  HttpSource(
      Address address,
      Supplier<String> report,
      Supplier<Optional<ClusterId>> cluster,
      Duration patience) {
    this.http = address.trust().http().connectTimeout(CONNECT).build();
    this.origin = address.origin();
    this.token = address.token();
    this.report = report;
    this.cluster = cluster;
    this.patience = patience;
  }

  @Override
  public InputStream feed(Descent after) throws IOException {
    return feed(after, ReceivedPart.NOTHING);
  }

  @Override
  public InputStream feed(Descent after, ReceivedPart received) throws IOException {
    String target =
        "/v1/feed?after=" + after.latest() + "&epoch=" + after.epoch() + received.query();
    HttpRequest.Builder request = request(target, "application/vnd.selvedge.feed");
    if (!after.openings().isEmpty()) {
      request.header("Selvedge-Openings", after.openings().text().utf8().replace('\n', ','));
    }
    return open(request);
  }

  /** Reads only the members before {@code edges}, which are those of the server itself. */
  private String status() throws IOException {
    try (InputStream body = open("/v1/status", "application/json")) {
      String all = new String(body.readAllBytes(), StandardCharsets.UTF_8);
      int edges = all.indexOf("\"edges\":");
      return edges < 0 ? all : all.substring(0, edges);
    }
  }

  @Override
  public Descent descent() throws IOException {
    String json = status();
    try {
      List<Lineage.Ancestor> ancestors = new ArrayList<>();
      Matcher ancestor = ANCESTOR.matcher(array(json, "lineage"));
      while (ancestor.find()) {
        ancestors.add(
            new Lineage.Ancestor(
                Long.parseLong(ancestor.group(1)), new Version(Long.parseLong(ancestor.group(2)))));
      }
      String openings = array(json, "openings").replace("\",\"", "\n").replace("\"", "");
      return new Descent(
          Long.parseLong(member(json, "epoch", "(\\d+)")),
          new Version(Long.parseLong(member(json, "version", "(\\d+)"))),
          new Lineage(ancestors),
          Openings.parse(openings));
    } catch (NumberFormatException | InvalidRequestException e) {
      throw new IOException(origin + " sent no valid status", e);
    }
  }

  /** A server of an earlier version does not send it. */
  @Override
  public Optional<Instant> trustedAt() throws IOException {
    String time = optional(status(), "trusted_at");
    try {
      return time.isEmpty() ? Optional.empty() : Optional.of(Instant.parse(time));
    } catch (DateTimeException e) {
      throw new IOException(origin + " sent no valid status", e);
    }
  }

  private static String array(String json, String name) {
    Matcher matcher = Pattern.compile("\"" + name + "\":\\[([^\\]]*)]").matcher(json);
    return matcher.find() ? matcher.group(1) : "";
  }

  @Override
  public String toString() {
    return origin.toString();
  }

  @Override
  public InputStream snapshot() throws IOException {
    return open("/v1/snapshot", "application/vnd.selvedge.snapshot");
  }

  @Override
  public InputStream snapshotBehind(NamespaceId namespace, Key key) throws IOException {
    return snapshotBehind(namespace, key, ReceivedPart.NOTHING);
  }

  @Override
  public InputStream snapshotBehind(NamespaceId namespace, Key key, ReceivedPart received)
      throws IOException {
    String behind =
        "namespace=" + namespace + "&key=" + URLEncoder.encode(key.name(), StandardCharsets.UTF_8);
    return open("/v1/snapshot?" + behind + received.query(), "application/vnd.selvedge.snapshot");
  }

  @Override
  public Reading read(NamespaceId namespace, List<Key> keys, Least least) throws IOException {
    throw new IOException("an embedded edge has no cached namespaces");
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
          Instant.parse(member(json, "at", "\"([^\"]+)\"")),
          Openings.id(optional(json, "opening")));
    } catch (DateTimeException | NumberFormatException e) {
      throw new IOException(origin + " sent no valid position", e);
    }
  }

  private static String optional(String json, String name) {
    Matcher matcher = Pattern.compile("\"" + name + "\":\"([^\"]*)\"").matcher(json);
    return matcher.find() ? matcher.group(1) : "";
  }

  private String member(String json, String name, String pattern) throws IOException {
    Matcher matcher = Pattern.compile("\"" + name + "\":" + pattern).matcher(json);
    if (!matcher.find()) {
      throw new IOException(origin + " sent no valid " + name);
    }
    return matcher.group(1);
  }

  private InputStream open(String target, String accept) throws IOException {
    return open(request(target, accept));
  }

  private InputStream open(HttpRequest.Builder request) throws IOException {
    return new ReadTimeoutStream(accepted(send(request.GET().build())), patience);
  }

  private HttpRequest.Builder request(String target, String accept) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(origin.resolve(target)).timeout(patience).header("Accept", accept);
    cluster.get().ifPresent(id -> request.header("Selvedge-Cluster", id.toString()));
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
      String text = new String(body.readNBytes(MESSAGE_BYTES_MAX), StandardCharsets.UTF_8);
      String message = origin + " answers " + answer.statusCode() + ": " + text;
      if (answer.headers().firstValue("Selvedge-Error").orElse("").equals("other-cluster")) {
        throw new ForeignException(message);
      }
      throw answer.statusCode() == 410 ? new GoneException(message) : new IOException(message);
    }
  }

  /** Closes the connections and ends waiting requests. */
  @Override
  public void close() {
    http.shutdownNow();
  }
}
