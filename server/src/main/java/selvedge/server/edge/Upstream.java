package selvedge.server.edge;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import selvedge.engine.form.Form;
import selvedge.engine.replication.ClusterId;
import selvedge.engine.replication.Descent;
import selvedge.engine.replication.ForeignException;
import selvedge.engine.replication.GoneException;
import selvedge.engine.replication.Lineage;
import selvedge.engine.replication.Openings;
import selvedge.engine.replication.Position;
import selvedge.engine.replication.Source;
import selvedge.model.Bytes;
import selvedge.model.InvalidRequestException;
import selvedge.model.Key;
import selvedge.model.NamespaceId;
import selvedge.model.Version;
import selvedge.model.tls.Trust;
import selvedge.server.api.HeaderNames;
import selvedge.server.api.Json;
import selvedge.server.api.Response;
import selvedge.server.api.shared.LineageCheck;
import selvedge.server.api.shared.WireForm;
import selvedge.server.audit.ClientAddress;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** The server that an edge follows, over pooled connections. Safe for use by many threads. */
public final class Upstream implements Source, AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration IDLE = Duration.ofSeconds(20);
  private static final int MESSAGE_BYTES_MAX = 1000;
  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;

  private final List<URI> origins;
  private volatile @Nullable URI origin;
  private final String token;
  private final Set<NamespaceId> cached;
  private final Duration patience;
  private final LongSupplier ticks;
  private final Report report;
  private final Supplier<Trust> trust;
  private final Supplier<Optional<ClusterId>> cluster;
  private final ConcurrentLinkedDeque<Idle> idle = new ConcurrentLinkedDeque<>();
  private final Set<Wire> wires = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;
  private volatile boolean refused;
  private volatile boolean circle;

  /** A pooled connection without a request. */
  private record Idle(Wire wire, long since) {}

  /**
   * Where the origin is and what this edge requests from it.
   *
   * @param origins the addresses of the origin; while one cannot be reached, the next one is used.
   *     None while the voters have no leader: then no request is sent
   * @param token for the requests of this edge itself; empty for an origin without authentication
   * @param cached the namespaces that a snapshot leaves out
   * @param patience the longest wait for the next bytes of an answer
   */
  public record Options(
      List<URI> origins, String token, Set<NamespaceId> cached, Duration patience) {
    public Options {
      origins = List.copyOf(origins);
      cached = Set.copyOf(cached);
    }
  }

  /** What an edge reports with each request for the position of its origin. */
  public interface Report {

    /** Returns a JSON object. */
    Bytes bytes();

    /**
     * Called when the origin has answered.
     *
     * @param number of the facts that the origin has taken; 0 for none
     * @param numbers the number of the last frame of the analytics that the origin has; 0 for none
     */
    default void confirmed(long number, long numbers) {}

    /**
     * Receives the chain of the server that is followed, with each of its answers.
     *
     * @return whether this server is in that chain, so that no changes come from there
     */
    default boolean closes(String chain) {
      return false;
    }
  }

  /**
   * @param ticks a clock in nanoseconds that only measures spans
   * @param report what this edge reports
   * @param trust read for each new connection
   * @param cluster the cluster of this edge; empty before its first snapshot
   */
  public Upstream(
      Options options,
      LongSupplier ticks,
      Report report,
      Supplier<Trust> trust,
      Supplier<Optional<ClusterId>> cluster) {
    this.origins = options.origins();
    this.origin = origins.isEmpty() ? null : origins.getFirst();
    this.token = options.token();
    this.cached = options.cached();
    this.patience = options.patience();
    this.ticks = ticks;
    this.report = report;
    this.trust = trust;
    this.cluster = cluster;
  }

  /** Returns the header by which a server of another cluster refuses the request. */
  Optional<Response.Header> clusterHeader() {
    return cluster
        .get()
        .map(id -> new Response.Header(HeaderNames.SELVEDGE_CLUSTER, id.toString()));
  }

  /** Returns the headers that name the client of a request that this server forwards. */
  List<Response.Header> clientHeaders(String address) {
    return ClientAddress.headers(address, token);
  }

  @Override
  public String toString() {
    URI known = origin;
    return known == null ? "no known leader" : known.toString();
  }

  /** Returns the host and port of the origin; empty if no origin is known. */
  String authority() {
    URI known = origin;
    return known == null ? "" : known.getAuthority();
  }

  /** Returns whether the origin has refused the token of this edge in its last answer. */
  public boolean isRefused() {
    return refused;
  }

  /** An answer. Closing its body returns the connection to the pool. */
  record Answer(Wire.Head head, InputStream body) {}

  /**
   * Sends a request and waits for the head of its answer.
   *
   * <p>Throws an {@link UnreachableException} if the request was certainly not sent.
   */
  Answer send(
      String method,
      String target,
      List<Response.Header> headers,
      OptionalLong length,
      InputStream body)
      throws IOException {
    requirePassing();
    Wire wire = wire();
    try {
      requirePassing();
    } catch (UnreachableException e) {
      close(wire); // Opened while the circle was found, so it was not closed with the others.
      throw e;
    }
    return exchange(wire, method, target, headers, length, body);
  }

  private void requirePassing() throws UnreachableException {
    if (circle) {
      throw new UnreachableException(circleMessage());
    }
  }

  private String circleMessage() {
    return this
        + " follows this server, so no changes come from there: point one of the two at the origin"
        + " with selvedge follow, or promote one";
  }

  private Answer exchange(
      Wire wire,
      String method,
      String target,
      List<Response.Header> headers,
      OptionalLong length,
      InputStream body)
      throws IOException {
    try {
      wire.send(method, target, headers, length, body);
      Wire.Head head = wire.head();
      return new Answer(head, new Returned(wire.body(method, head), wire, isKept(head)));
    } catch (IOException | RuntimeException e) {
      close(wire);
      throw e;
    }
  }

  private void close(Wire wire) {
    wires.remove(wire);
    wire.close();
  }

  private static boolean isKept(Wire.Head head) {
    return !head.header("Connection").equalsIgnoreCase("close");
  }

  private Wire wire() throws IOException {
    for (Idle each = idle.pollFirst(); each != null; each = idle.pollFirst()) {
      if (ticks.getAsLong() - each.since() < IDLE.toNanos() && each.wire().isAlive()) {
        return each.wire();
      }
      close(each.wire());
    }
    return connect();
  }

  /** Connects to the address in use, or else to the next one that can be reached. */
  private Wire connect() throws IOException {
    if (origins.isEmpty()) {
      throw new UnreachableException("the voters have no leader at the moment");
    }
    int first = origins.indexOf(origin);
    for (int i = 0; ; i++) {
      URI address = origins.get((first + i) % origins.size());
      try {
        Wire wire = Wire.open(address, CONNECT, patience, trust.get());
        origin = address;
        wires.add(wire);
        if (closed) {
          close(wire);
        }
        return wire;
      } catch (IOException e) {
        if (i == origins.size() - 1) {
          throw new UnreachableException(
              "the origin " + address + " cannot be reached: " + e.getMessage(), e);
        }
      }
    }
  }

  /** A body that returns its connection to the pool once it was read to its end. */
  private final class Returned extends FilterInputStream {
    private final boolean kept;
    private @Nullable Wire wire;

    Returned(InputStream in, Wire wire, boolean kept) {
      super(in);
      this.wire = wire;
      this.kept = kept;
    }

    @Override
    public int read() throws IOException {
      return ended(in.read());
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      return ended(in.read(target, offset, length));
    }

    private int ended(int read) {
      Wire own = wire;
      if (read < 0 && own != null) {
        wire = null;
        if (kept) {
          idle.addFirst(new Idle(own, ticks.getAsLong()));
        } else {
          Upstream.this.close(own);
        }
      }
      return read;
    }

    @Override
    public void close() {
      Wire own = wire;
      if (own != null) {
        wire = null;
        Upstream.this.close(own);
      }
    }
  }

  @Override
  public InputStream feed(Descent after) throws IOException {
    return feed(after, ReceivedPart.NOTHING);
  }

  @Override
  public InputStream feed(Descent after, ReceivedPart received) throws IOException {
    List<Response.Header> headers = headers("application/vnd.selvedge.feed");
    if (!after.openings().isEmpty()) {
      String openings = after.openings().text().utf8().replace('\n', ',');
      headers.add(new Response.Header(HeaderNames.SELVEDGE_OPENINGS, openings));
    }
    String target = "/v1/feed?after=" + after.latest() + "&epoch=" + after.epoch();
    return open(target + received.query(), Form.FEED, headers);
  }

  @Override
  public InputStream snapshot() throws IOException {
    return openSnapshot("");
  }

  @Override
  public InputStream snapshotBehind(NamespaceId namespace, Key key) throws IOException {
    return snapshotBehind(namespace, key, ReceivedPart.NOTHING);
  }

  @Override
  public InputStream snapshotBehind(NamespaceId namespace, Key key, ReceivedPart received)
      throws IOException {
    return openSnapshot(
        "&namespace="
            + namespace
            + "&key="
            + URLEncoder.encode(key.name(), StandardCharsets.UTF_8)
            + received.query());
  }

  private InputStream openSnapshot(String behind) throws IOException {
    String without = String.join(",", cached.stream().map(NamespaceId::hex).toList());
    return open(
        "/v1/snapshot?without=" + without + behind,
        Form.SNAPSHOT,
        headers("application/vnd.selvedge.snapshot"));
  }

  @Override
  public Reading read(NamespaceId namespace, List<Key> keys, Least least) throws IOException {
    Bytes question =
        Json.bytes(
            json -> {
              json.writeStartObject();
              json.writeArrayPropertyStart("keys");
              keys.forEach(key -> json.writeString(key.name()));
              json.writeEndArray();
              json.writeEndObject();
            });
    List<Response.Header> headers = headers("application/vnd.selvedge.entries");
    headers.add(new Response.Header(HeaderNames.CONTENT_TYPE, Json.CONTENT_TYPE));
    headers.add(new Response.Header(HeaderNames.SELVEDGE_AT_LEAST, least.version().toString()));
    headers.add(new Response.Header(HeaderNames.SELVEDGE_EPOCH, Long.toString(least.epoch())));
    if (least.opening() != 0) {
      String opening = Openings.idText(least.opening());
      headers.add(new Response.Header(HeaderNames.SELVEDGE_OPENING, opening));
    }
    Answer answer =
        send(
            "POST",
            "/v1/namespaces/" + namespace + "/bulk/get?large=omit",
            headers,
            OptionalLong.of(question.size()),
            question.open());
    return new Reading(
        accepted(answer),
        age(answer),
        Openings.id(answer.head().header(HeaderNames.SELVEDGE_OPENING)));
  }

  private static Optional<Duration> age(Answer answer) {
    try {
      return Optional.of(
          Duration.ofMillis(Long.parseLong(answer.head().header(HeaderNames.SELVEDGE_AGE))));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  @Override
  public Position position() throws IOException {
    Answer answer = askForPosition();
    try (InputStream body = answer.body()) {
      requireNoCircle(answer);
      Bytes said = Bytes.adopt(body.readAllBytes());
      if (answer.head().status() != 200) {
        throw new IOException(failure(answer.head().status(), said.utf8()));
      }
      requireForm(Form.POSITION, answer);
      refused = false;
      JsonNode json = Json.tree(said);
      report.confirmed(json.path("facts").asLong(0), json.path("numbers").asLong(0));
      return position(json);
    } catch (JacksonException | DateTimeException e) {
      throw new IOException(this + " sent no valid position", e);
    }
  }

  /** Sends the report of this edge, also around a circle: the answer shows when it has ended. */
  private Answer askForPosition() throws IOException {
    Bytes status = report.bytes();
    List<Response.Header> headers = headers("application/json");
    headers.add(WireForm.announced(Form.POSITION));
    return exchange(
        wire(), "POST", "/v1/position", headers, OptionalLong.of(status.size()), status.open());
  }

  /** Returns whether a server of this cluster answers that does not follow this one. */
  public boolean answers() {
    try {
      Answer answer = askForPosition();
      try (InputStream _ = answer.body()) {
        return !report.closes(answer.head().header(HeaderNames.SELVEDGE_CHAIN))
            && !answer.head().header(HeaderNames.SELVEDGE_ERROR).equals(LineageCheck.OTHER_CLUSTER);
      }
    } catch (IOException e) {
      return false;
    }
  }

  /** Ends all requests when a circle is found, because they may be on their way around it. */
  private void requireNoCircle(Answer answer) throws CircleException {
    boolean found = report.closes(answer.head().header(HeaderNames.SELVEDGE_CHAIN));
    boolean begins = found && !circle;
    circle = found;
    if (begins) {
      wires.forEach(this::close);
    }
    if (found) {
      throw new CircleException(circleMessage());
    }
  }

  @Override
  public Descent descent() throws IOException {
    JsonNode json = status();
    try {
      List<Lineage.Ancestor> ancestors = new ArrayList<>();
      json.path("lineage").forEach(each -> ancestors.add(ancestor(each)));
      return new Descent(
          json.path("epoch").asLong(),
          new Version(json.path("version").asLong()),
          new Lineage(ancestors),
          openings(json));
    } catch (JacksonException | InvalidRequestException e) {
      throw new IOException(this + " sent no valid status", e);
    }
  }

  private JsonNode status() throws IOException {
    try (InputStream in = open("/v1/status", headers("application/json"))) {
      return Json.tree(Bytes.adopt(in.readAllBytes()));
    } catch (JacksonException e) {
      throw new IOException(this + " sent no valid status", e);
    }
  }

  /** A server of an earlier version does not send it. */
  @Override
  public Optional<Instant> trustedAt() throws IOException {
    String time = status().path("trusted_at").asString("");
    try {
      return time.isEmpty() ? Optional.empty() : Optional.of(Instant.parse(time));
    } catch (DateTimeException e) {
      throw new IOException(this + " sent no valid status", e);
    }
  }

  /** A server of an earlier version sends no openings. */
  private static Openings openings(JsonNode json) {
    List<String> lines = new ArrayList<>();
    json.path("openings").forEach(each -> lines.add(each.asString()));
    return Openings.parse(String.join("\n", lines));
  }

  private static Lineage.Ancestor ancestor(JsonNode json) {
    return new Lineage.Ancestor(
        json.path("epoch").asLong(), new Version(json.path("version").asLong()));
  }

  private static Position position(JsonNode json) {
    return new Position(
        json.path("epoch").asLong(),
        new Version(json.path("version").asLong()),
        Duration.ofNanos(json.path("age_nanos").asLong()),
        Instant.parse(json.path("at").asString()),
        Openings.id(json.path("opening").asString("")));
  }

  private List<Response.Header> headers(String accept) {
    List<Response.Header> headers = new ArrayList<>();
    headers.add(new Response.Header(HeaderNames.HOST, authority()));
    headers.add(new Response.Header(HeaderNames.ACCEPT, accept));
    if (!token.isEmpty()) {
      headers.add(new Response.Header(HeaderNames.AUTHORIZATION, "Bearer " + token));
    }
    clusterHeader().ifPresent(headers::add);
    return headers;
  }

  /** Requests an answer in the newest form that both servers know. */
  private InputStream open(String target, Form form, List<Response.Header> headers)
      throws IOException {
    headers.add(WireForm.announced(form));
    Answer answer = send("GET", target, headers, OptionalLong.of(0), InputStream.nullInputStream());
    InputStream body = accepted(answer);
    try {
      requireForm(form, answer);
      return body;
    } catch (IOException e) {
      body.close();
      throw e;
    }
  }

  private void requireForm(Form form, Answer answer) throws IOException {
    WireForm.require(form, answer.head().header(HeaderNames.SELVEDGE_FORM), toString());
  }

  private InputStream open(String target, List<Response.Header> headers) throws IOException {
    return accepted(
        send("GET", target, headers, OptionalLong.of(0), InputStream.nullInputStream()));
  }

  private InputStream accepted(Answer answer) throws IOException {
    if (answer.head().status() == 200) {
      refused = false;
      return answer.body();
    }
    try (InputStream body = answer.body()) {
      String said = new String(body.readNBytes(MESSAGE_BYTES_MAX), StandardCharsets.UTF_8);
      String message = failure(answer.head().status(), said);
      if (answer.head().header(HeaderNames.SELVEDGE_ERROR).equals(LineageCheck.OTHER_CLUSTER)) {
        throw new ForeignException(message);
      }
      throw answer.head().status() == 410 ? new GoneException(message) : new IOException(message);
    }
  }

  private String failure(int status, String said) {
    String answer = this + " answers " + status + ": " + said;
    if (status == UNAUTHORIZED) {
      refused = true;
      return "the origin does not accept the token of this edge, so it brings no changes and no"
          + " revocations: set origin-token to a valid token with the right replicate; "
          + answer;
    }
    return status == FORBIDDEN
        ? "the token of this edge does not have the right replicate, or its certificate does not"
            + " fit: "
            + answer
        : answer;
  }

  /** Closes the connections and ends waiting requests. */
  @Override
  public void close() {
    closed = true;
    wires.forEach(this::close);
  }
}
