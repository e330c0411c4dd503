package selvedge.server.entrance;

import java.util.Optional;
import java.util.function.Predicate;
import selvedge.server.api.Api;
import selvedge.server.api.ForwardingApi;
import selvedge.server.api.LoopResult;
import selvedge.server.api.Reply;
import selvedge.server.api.Request;
import selvedge.server.api.Response;

/**
 * Requires a verified certificate from every client, in addition to its token. Probes need none,
 * and the owner of the data directory neither. Safe for use by many threads.
 */
public final class ClientCertificates implements ForwardingApi {
  private static final int FORBIDDEN = 403;

  private final Api api;
  private final Predicate<Request> owner;

  /**
   * @param owner whether the owner of the data directory sends the request
   */
  public ClientCertificates(Api api, Predicate<Request> owner) {
    this.api = api;
    this.owner = owner;
  }

  private boolean isAccepted(Request request) {
    return !request.peerNames().isEmpty() || Entrance.isProbe(request) || owner.test(request);
  }

  private Response refusal(Request request) {
    return api.refusal(
        request,
        FORBIDDEN,
        "this server requires a client certificate beside the token: give --client-cert and"
            + " --client-key, or their counterparts of your client");
  }

  @Override
  public Optional<LoopResult> answerNow(Request request) {
    return isAccepted(request)
        ? api.answerNow(request)
        : Optional.of(new LoopResult.Answered(refusal(request)));
  }

  @Override
  public boolean answerSoon(Request request, Reply reply) {
    if (isAccepted(request)) {
      return api.answerSoon(request, reply);
    }
    reply.answer(() -> refusal(request));
    return true;
  }

  @Override
  public Response answer(Request request) {
    return isAccepted(request) ? api.answer(request) : refusal(request);
  }

  @Override
  public boolean comparesConnections() {
    return true;
  }

  @Override
  public Api next() {
    return api;
  }
}
