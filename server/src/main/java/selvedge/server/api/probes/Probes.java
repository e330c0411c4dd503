package selvedge.server.api.probes;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import selvedge.model.InvalidRequestException;
import selvedge.server.access.Admission;
import selvedge.server.access.Gate;
import selvedge.server.access.Right;
import selvedge.server.api.HeaderNames;
import selvedge.server.api.LoopResult;
import selvedge.server.api.Query;
import selvedge.server.api.Request;
import selvedge.server.api.Response;
import selvedge.server.api.route.Protocol;
import selvedge.server.api.route.ProtocolName;
import selvedge.server.health.Health;

/**
 * {@code /livez}, {@code /readyz}, {@code /leaderz} and {@code /metrics}.
 *
 * <p>The first three contain no secrets and are open to every client. The metrics of a guarded
 * server require a token that may read everything.
 */
public final class Probes implements Protocol {
  static final String TEXT = "text/plain; charset=utf-8";
  private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";
  private static final String OPEN_METRICS = "application/openmetrics-text";
  private static final String OPEN_METRICS_1 = OPEN_METRICS + "; version=1.0.0; charset=utf-8";

  private final Gate gate;
  private final Supplier<Health> health;
  private final Supplier<Optional<Duration>> age;
  private final Supplier<Optional<String>> followed;
  private final UnaryOperator<String> metrics;

  /**
   * @param followed why the server does not order the writes; empty if it does
   * @param age returns the age of the data of this server; empty while it is unknown
   * @param metrics returns the metrics in the form of a media type
   */
  public Probes(
      Gate gate,
      Supplier<Health> health,
      Supplier<Optional<Duration>> age,
      Supplier<Optional<String>> followed,
      UnaryOperator<String> metrics) {
    this.gate = gate;
    this.health = health;
    this.age = age;
    this.followed = followed;
    this.metrics = metrics;
  }

  @Override
  public ProtocolName name() {
    return ProtocolName.PROBES;
  }

  /** Answers on the event loop, so that probes work however many requests are in flight. */
  @Override
  public Optional<LoopResult> answerNow(Request request) {
    return request.method().equals("GET") && !request.path().equals("/metrics")
        ? Optional.of(new LoopResult.Answered(answer(request)))
        : Optional.empty();
  }

  @Override
  public Response answer(Request request) {
    return switch (request.path()) {
      case "/livez" -> Response.text(200, TEXT, "alive\n");
      case "/readyz" -> readyz(request);
      case "/leaderz" -> leaderz();
      default -> metrics(request);
    };
  }

  @Override
  public Response refusal(int status, String message) {
    return Response.text(status, TEXT, message + "\n");
  }

  private Response leaderz() {
    Health now = health.get();
    Optional<String> reason = now.allowsReads() ? followed.get() : Optional.of(now.text());
    return reason
        .map(why -> Response.text(503, TEXT, why + "\n"))
        .orElseGet(() -> Response.text(200, TEXT, "leads\n"));
  }

  /** Names no files: only the status, which requires a token, does that. */
  private Response readyz(Request request) {
    Health now = health.get();
    String text = now.reason().isEmpty() ? "" : now.text() + "\n";
    try {
      if (!(isForWrites(request) ? now.allowsWrites() : now.allowsReads())) {
        return unready(text);
      }
      return tooOld(request)
          .map(Probes::unready)
          .orElse(Response.text(200, TEXT, "ready\n" + text));
    } catch (InvalidRequestException e) {
      return Response.text(400, TEXT, e.getMessage() + "\n");
    }
  }

  private static Response unready(String text) {
    return Response.text(503, TEXT, text).header(HeaderNames.RETRY_AFTER, "1");
  }

  private static boolean isForWrites(Request request) {
    String purpose = Query.of(request).text("for").orElse("reads");
    return switch (purpose) {
      case "reads" -> false;
      case "writes" -> true;
      default -> throw new InvalidRequestException("for must be reads or writes, got " + purpose);
    };
  }

  /** Returns why the data is older than the request allows; empty if it is not. */
  private Optional<String> tooOld(Request request) {
    Optional<String> text = Query.of(request).text("max_age");
    if (text.isEmpty()) {
      return Optional.empty();
    }
    Duration most = seconds(text.get());
    Optional<Duration> now = age.get();
    if (now.isEmpty()) {
      return Optional.of("stale: the age is not known yet\n");
    }
    return now.get().compareTo(most) <= 0
        ? Optional.empty()
        : Optional.of("stale: the data is " + now.get().toSeconds() + " s old\n");
  }

  private static Duration seconds(String text) {
    try {
      return Duration.ofSeconds(Integer.parseUnsignedInt(text));
    } catch (NumberFormatException e) {
      throw new InvalidRequestException("max_age must be a number of seconds, got " + text);
    }
  }

  private Response metrics(Request request) {
    return switch (gate.admit(request)) {
      case Admission.Admitted(var caller) when caller.mayEverywhere(Right.READ) ->
          metricsAs(isOpenMetrics(request) ? OPEN_METRICS_1 : PROMETHEUS);
      case Admission.Admitted _ ->
          Response.text(403, TEXT, "metrics require a token that may read everything\n");
      case Admission.Refused _ ->
          Response.text(401, TEXT, "metrics require the header Authorization: Bearer TOKEN\n");
    };
  }

  private Response metricsAs(String type) {
    return Response.text(200, type, metrics.apply(type));
  }

  private static boolean isOpenMetrics(Request request) {
    return request.header("Accept").filter(types -> types.contains(OPEN_METRICS)).isPresent();
  }
}
