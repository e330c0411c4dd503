package selvedge.server.api.probes;

import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import selvedge.server.api.Api;
import selvedge.server.api.HeaderNames;
import selvedge.server.api.LoopResult;
import selvedge.server.api.Reply;
import selvedge.server.api.Request;
import selvedge.server.api.RequestOwner;
import selvedge.server.api.Response;
import selvedge.server.health.Health;

/**
 * Answers the probes, and 503 to everything else, until a server has opened its store. Then it
 * passes all requests on. Safe for use by many threads.
 */
public final class StartingApi implements Api {
  private final Supplier<Health> health;
  private volatile @Nullable Api opened;
  private volatile boolean comparesConnections = true;

  public StartingApi(Supplier<Health> health) {
    this.health = health;
  }

  /** Passes requests to the protocols of the server from now on. */
  public void open(Api api) {
    comparesConnections = api.comparesConnections();
    opened = api;
  }

  @Override
  public Optional<LoopResult> answerNow(Request request) {
    Api api = opened;
    return api == null
        ? Optional.of(new LoopResult.Answered(answer(request)))
        : api.answerNow(request);
  }

  @Override
  public boolean answerSoon(Request request, Reply reply) {
    Api api = opened;
    return api != null && api.answerSoon(request, reply);
  }

  @Override
  public Response answer(Request request) {
    Api api = opened;
    if (api != null) {
      return api.answer(request);
    }
    return request.path().equals("/livez")
        ? Response.text(200, Probes.TEXT, "alive\n")
        : refusal(503, health.get().text());
  }

  @Override
  public RequestOwner ownerOf(Request request) {
    Api api = opened;
    return api == null ? RequestOwner.OPEN : api.ownerOf(request);
  }

  @Override
  public boolean comparesConnections() {
    return comparesConnections;
  }

  @Override
  public boolean isAdmitted(Request request) {
    Api api = opened;
    return api == null || api.isAdmitted(request);
  }

  @Override
  public Response refusal(int status, String message) {
    Api api = opened;
    return api == null
        ? Response.text(status, Probes.TEXT, message + "\n").header(HeaderNames.RETRY_AFTER, "1")
        : api.refusal(status, message);
  }

  @Override
  public Response refusal(Request request, int status, String message) {
    Api api = opened;
    return api == null ? refusal(status, message) : api.refusal(request, status, message);
  }
}
