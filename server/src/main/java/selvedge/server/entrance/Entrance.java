package selvedge.server.entrance;

import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import selvedge.server.api.Api;
import selvedge.server.api.LoopResult;
import selvedge.server.api.PercentCode;
import selvedge.server.api.Reply;
import selvedge.server.api.Request;
import selvedge.server.api.RequestOwner;
import selvedge.server.api.RequestSource;
import selvedge.server.api.Response;
import selvedge.server.api.shared.FreshnessHeaders;

/**
 * Checks each request before a face sees it, so that a web page cannot use a server that asks for
 * no token. Safe for use by many threads.
 *
 * <p>Header fields that were accepted for every method and target are not checked again.
 */
public final class Entrance implements Api {
  private static final int FORBIDDEN = 403;

  private final Api inside;
  private final BooleanSupplier open;
  private final HostNames hosts;
  private final boolean proxiesAllowed;
  private final CrossOrigin crossOrigin;

  /** What becomes of a request. */
  private sealed interface Passage {}

  /** It goes in, and its answer comes out changed. */
  private record Entered(UnaryOperator<Response> change) implements Passage {}

  /** It is answered here. */
  private record TurnedAway(Response response) implements Passage {}

  /**
   * @param open whether requests without a token are accepted at this moment
   */
  public Entrance(Api inside, BooleanSupplier open, EntranceRules rules) {
    this.inside = inside;
    this.open = open;
    this.hosts = rules.hosts();
    this.proxiesAllowed = rules.open();
    this.crossOrigin = new CrossOrigin(rules.allowedOrigins());
  }

  @Override
  public Optional<LoopResult> answerNow(Request request) {
    if (isAccepted(request)) {
      return inside.answerNow(request);
    }
    return switch (check(request)) {
      case Entered(var change) -> inside.answerNow(request).map(prompt -> prompt.map(change));
      case TurnedAway(Response response) -> Optional.of(new LoopResult.Answered(response));
    };
  }

  @Override
  public boolean answerSoon(Request request, Reply reply) {
    if (isAccepted(request)) {
      return inside.answerSoon(request, reply);
    }
    return switch (check(request)) {
      case Entered(var change) ->
          inside.answerSoon(request, making -> reply.answer(() -> change.apply(making.get())));
      case TurnedAway(Response response) -> {
        reply.answer(() -> response);
        yield true;
      }
    };
  }

  @Override
  public Response answer(Request request) {
    if (isAccepted(request)) {
      return inside.answer(request);
    }
    return switch (check(request)) {
      case Entered(var change) -> change.apply(inside.answer(request));
      case TurnedAway(Response response) -> response;
    };
  }

  @Override
  public RequestOwner standing(Request request) {
    return inside.standing(request);
  }

  @Override
  public boolean isAdmitted(Request request) {
    return inside.isAdmitted(request);
  }

  @Override
  public Response refusal(int status, String message) {
    return inside.refusal(status, message);
  }

  @Override
  public Response refusal(Request request, int status, String message) {
    return inside.refusal(request, status, message);
  }

  private boolean isAccepted(Request request) {
    return request.provenance().isAccepted(open.getAsBoolean());
  }

  private Passage check(Request request) {
    RequestSource from = request.provenance();
    boolean isOpen = open.getAsBoolean();
    if (isProbe(request)) {
      return new Entered(UnaryOperator.identity());
    }
    Authority host = Authority.of(from.host());
    if (isOpen && !hosts.accept(host)) {
      return forbidden(request, wrongHost(from.host()));
    }
    if (isOpen && from.isForwarded() && !proxiesAllowed) {
      return forbidden(
          request,
          "a proxy has forwarded this request, and this server has no authentication: create a"
              + " token (selvedge token create), or start it with --open to accept requests from"
              + " everybody behind the proxy");
    }
    if (crossOrigin.isAllowed(from.origin())) {
      return fromAllowedOrigin(request, isOpen);
    }
    boolean own = (!isOpen && from.hasCredential()) || isOwnPage(from, host);
    if (!own && !isVisit(request)) {
      return forbidden(request, wrongPage(from));
    }
    if (own && crossOrigin.isEmpty()) {
      from.accept(isOpen);
    }
    return new Entered(crossOrigin::varying);
  }

  /** Probes come from load balancers under any name, and what they answer is no secret. */
  private static boolean isProbe(Request request) {
    String path = request.path();
    return (path.equals("/livez") || path.equals("/readyz")) && FreshnessHeaders.isRead(request);
  }

  /** A page that may read sends its changes with a token, or not at all. */
  private Passage fromAllowedOrigin(Request request, boolean isOpen) {
    String origin = request.provenance().origin();
    if (CrossOrigin.isPreflight(request)) {
      return new TurnedAway(crossOrigin.preflight(request, origin));
    }
    if (FreshnessHeaders.isRead(request) || (!isOpen && request.provenance().hasCredential())) {
      return new Entered(response -> crossOrigin.readable(response, origin));
    }
    return forbidden(request, "pages of " + PercentCode.shown(origin) + " may only read");
  }

  /**
   * Whether no page of another origin has sent the request. A browser that sends {@code
   * Sec-Fetch-Site} knows; same-site is not enough, because it may be another port of this machine.
   */
  private boolean isOwnPage(RequestSource from, Authority host) {
    if (!from.fetchSite().isEmpty()) {
      return from.fetchSite().equals("same-origin") || from.fetchSite().equals("none");
    }
    if (from.origin().isEmpty()) {
      return true;
    }
    Page page = Page.of(from.origin());
    return page.isFrom(host) || hosts.areOrigin(page.authority());
  }

  /** A link to the page at the root shows what a person would see who types the address. */
  private static boolean isVisit(Request request) {
    return request.method().equals("GET")
        && request.path().equals("/")
        && request.provenance().fetchMode().equals("navigate");
  }

  private Passage forbidden(Request request, String reason) {
    return new TurnedAway(crossOrigin.varying(inside.refusal(request, FORBIDDEN, reason)));
  }

  private static String wrongHost(String host) {
    return "a server without authentication does not accept the host \""
        + PercentCode.shown(host)
        + "\", because a web page could have that name: use an IP address, localhost or a name"
        + " without a dot, add the name to allowed-hosts, or create a token (selvedge token"
        + " create)";
  }

  private static String wrongPage(RequestSource from) {
    String page = from.origin().isEmpty() ? "another site" : PercentCode.shown(from.origin());
    return "a web page of "
        + page
        + " may not use this server: add its origin to allowed-origins to let it read";
  }
}
