package selvedge.server.api.route;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import selvedge.server.api.Api;
import selvedge.server.api.LoopResult;
import selvedge.server.api.PercentCode;
import selvedge.server.api.Reply;
import selvedge.server.api.Request;
import selvedge.server.api.RequestOwner;
import selvedge.server.api.Response;

/** Hands each request to the protocol of its route. Safe for use by many threads. */
public final class ApiRouter implements Api {
  private final Map<ProtocolName, Protocol> protocols = new EnumMap<>(ProtocolName.class);
  private final List<Protocol> inOrder;
  private final Function<Request, RequestOwner> owners;

  /**
   * @param protocols the first one also refuses requests that belong to no protocol
   */
  public ApiRouter(List<Protocol> protocols) {
    this(protocols, _ -> RequestOwner.OPEN);
  }

  /**
   * @param owners finds the owner of a request, for {@link Api#ownerOf}
   */
  public ApiRouter(List<Protocol> protocols, Function<Request, RequestOwner> owners) {
    protocols.forEach(protocol -> this.protocols.put(protocol.name(), protocol));
    this.inOrder = List.copyOf(protocols);
    this.owners = owners;
  }

  private @Nullable Protocol protocol(Request request) {
    return protocols.get(Routes.of(request).route().protocol());
  }

  @Override
  public RequestOwner ownerOf(Request request) {
    return owners.apply(request);
  }

  @Override
  public boolean comparesConnections() {
    return false;
  }

  @Override
  public Optional<LoopResult> answerNow(Request request) {
    Protocol protocol = protocol(request);
    return protocol == null ? Optional.empty() : protocol.answerNow(request);
  }

  @Override
  public boolean answerSoon(Request request, Reply reply) {
    Protocol protocol = protocol(request);
    return protocol != null && protocol.answerSoon(request, reply);
  }

  @Override
  public Response answer(Request request) {
    Protocol protocol = protocol(request);
    return protocol == null
        ? refusal(404, "there is nothing at " + PercentCode.shown(request.path()))
        : protocol.answer(request);
  }

  @Override
  public boolean isAdmitted(Request request) {
    Protocol protocol = protocol(request);
    return protocol == null || protocol.isAdmitted(request);
  }

  @Override
  public Response refusal(Request request, int status, String message) {
    return refusal(request, status, "refused", message);
  }

  /** Returns a refusal with a code, for protocols whose errors have one. */
  public Response refusal(Request request, int status, String code, String message) {
    Protocol protocol = protocol(request);
    return protocol == null ? refusal(status, message) : protocol.refusal(status, code, message);
  }

  @Override
  public Response refusal(int status, String message) {
    return inOrder.getFirst().refusal(status, message);
  }
}
