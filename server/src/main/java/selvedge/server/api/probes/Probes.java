package selvedge.server.api.probes;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import selvedge.server.access.Admission;
import selvedge.server.access.Gate;
import selvedge.server.access.Right;
import selvedge.server.api.HeaderNames;
import selvedge.server.api.LoopResult;
import selvedge.server.api.Request;
import selvedge.server.api.Response;
import selvedge.server.api.route.Protocol;
import selvedge.server.api.route.ProtocolName;

/**
 * {@code /livez}, {@code /readyz} and {@code /metrics}.
 *
 * <p>The first two contain no secrets and are open to every client. The metrics of a guarded server
 * require a token that may read everything.
 */
public final class Probes implements Protocol {
  private static final String TEXT = "text/plain; charset=utf-8";
  private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

  private final Gate gate;
  private final Supplier<Optional<String>> trouble;
  private final Supplier<List<String>> damage;
  private final Supplier<String> metrics;

  /**
   * @param trouble why the server cannot serve at this moment; empty if it can
   * @param damage the parts that are damaged while the server goes on
   */
  public Probes(
      Gate gate,
      Supplier<Optional<String>> trouble,
      Supplier<List<String>> damage,
      Supplier<String> metrics) {
    this.gate = gate;
    this.trouble = trouble;
    this.damage = damage;
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
      case "/readyz" -> readyz();
      default -> metrics(request);
    };
  }

  @Override
  public Response refusal(int status, String message) {
    return Response.text(status, TEXT, message + "\n");
  }

  private Response readyz() {
    return trouble
        .get()
        .map(reason -> Response.text(503, TEXT, reason + "\n").header(HeaderNames.RETRY_AFTER, "1"))
        .orElseGet(() -> Response.text(200, TEXT, "ready\n" + damaged()));
  }

  /** Returns the number of damaged parts; only the status, which requires a token, names them. */
  private String damaged() {
    int places = damage.get().size();
    return places == 0 ? "" : "damaged: " + places + " places; see selvedge status\n";
  }

  private Response metrics(Request request) {
    return switch (gate.admit(request)) {
      case Admission.Admitted(var caller) when caller.mayEverywhere(Right.READ) ->
          Response.text(200, PROMETHEUS, metrics.get());
      case Admission.Admitted _ ->
          Response.text(403, TEXT, "metrics require a token that may read everything\n");
      case Admission.Refused _ ->
          Response.text(401, TEXT, "metrics require the header Authorization: Bearer TOKEN\n");
    };
  }
}
