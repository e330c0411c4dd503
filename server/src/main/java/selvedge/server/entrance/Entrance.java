package selvedge.server.entrance;

import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;
import selvedge.server.api.Api;
import selvedge.server.api.ForwardingApi;
import selvedge.server.api.LoopResult;
import selvedge.server.api.PercentCode;
import selvedge.server.api.Reply;
import selvedge.server.api.Request;
import selvedge.server.api.RequestSource;
import selvedge.server.api.Response;
import selvedge.server.api.route.PageRoute;
import selvedge.server.api.route.ProbeRoute;
import selvedge.server.api.route.Routes;

/**
 * Checks host, web page and proxy of each request before an API handles it, so that a web page
 * cannot use a server without authentication. Safe for use by many threads.
 *
 * <p>Header fields that are valid for every method and target are checked once.
 */
public final class Entrance implements ForwardingApi {
  private static final int FORBIDDEN = 403;

  private final Api api;
  private final BooleanSupplier open;
  private final HostNames hosts;
  private final boolean proxiesAllowed;
  private final CrossOrigin crossOrigin;

  /** The result of the check. */
  private sealed interface CheckResult {}

  /** The request is passed on, and its response is changed. */
  private record PassedOn(UnaryOperator<Response> change) implements CheckResult {}

  /** The request is answered here. */
  private record AnsweredHere(Response response) implements CheckResult {}

  /**
   * @param open returns whether requests without a token are accepted at this time
   */
  public Entrance(Api api, BooleanSupplier open, EntranceRules rules) {
    this.api = api;
    this.open = open;
    this.hosts = rules.hosts();
    this.proxiesAllowed = rules.open();
    this.crossOrigin = new CrossOrigin(rules.allowedOrigins());
  }

  @Override
  public Optional<LoopResult> answerNow(Request request) {
    if (isAccepted(request)) {
      return api.answerNow(request);
    }
    return switch (check(request)) {
      case PassedOn(var change) -> api.answerNow(request).map(result -> result.map(change));
      case AnsweredHere(Response response) -> Optional.of(new LoopResult.Answered(response));
    };
  }

  @Override
  public boolean answerSoon(Request request, Reply reply) {
    if (isAccepted(request)) {
      return api.answerSoon(request, reply);
    }
    return switch (check(request)) {
      case PassedOn(var change) ->
          api.answerSoon(
              request, computation -> reply.answer(() -> change.apply(computation.get())));
      case AnsweredHere(Response response) -> {
        reply.answer(() -> response);
        yield true;
      }
    };
  }

  @Override
  public Response answer(Request request) {
    if (isAccepted(request)) {
      return api.answer(request);
    }
    return switch (check(request)) {
      case PassedOn(var change) -> change.apply(api.answer(request));
      case AnsweredHere(Response response) -> response;
    };
  }

  private boolean isAccepted(Request request) {
    return request.provenance().isAccepted(open.getAsBoolean());
  }

  private CheckResult check(Request request) {
    RequestSource source = request.provenance();
    boolean isOpen = open.getAsBoolean();
    if (isProbe(request)) {
      return new PassedOn(UnaryOperator.identity());
    }
    Authority host = Authority.of(source.host());
    if (isOpen && !hosts.accept(host)) {
      return forbidden(request, wrongHost(source.host()));
    }
    if (isOpen && source.isForwarded() && !proxiesAllowed) {
      return forbidden(
          request,
          "a server without authentication does not accept requests that a proxy has"
              + " forwarded: create a token (selvedge token create), or start the server with"
              + " --open to accept all requests of the proxy");
    }
    if (crossOrigin.isAllowed(source.origin())) {
      return fromAllowedOrigin(request, isOpen);
    }
    boolean own = (!isOpen && source.hasCredential()) || isOwnPage(source, host);
    if (!own && !isNavigation(request)) {
      return forbidden(request, wrongPage(source));
    }
    if (own && crossOrigin.isEmpty()) {
      source.accept(isOpen);
    }
    return new PassedOn(crossOrigin::varying);
  }

  /**
   * Returns whether the request is a probe. Load balancers use any host name, and the responses are
   * not secret.
   */
  static boolean isProbe(Request request) {
    return Routes.of(request).route() instanceof ProbeRoute probe && probe.isPublic();
  }

  /**
   * Checks a request from a page of an allowed origin: it may read, and needs a token to change
   * anything.
   */
  private CheckResult fromAllowedOrigin(Request request, boolean isOpen) {
    String origin = request.provenance().origin();
    if (CrossOrigin.isPreflight(request)) {
      return new AnsweredHere(crossOrigin.preflight(request, origin));
    }
    if (Routes.of(request).route().isRead() || (!isOpen && request.provenance().hasCredential())) {
      return new PassedOn(response -> crossOrigin.readable(response, origin));
    }
    return forbidden(
        request,
        "pages of "
            + PercentCode.shown(origin)
            + " may only read; to change something, the request must have a token");
  }

  /**
   * Returns whether the request was not sent by a page of another origin. {@code Sec-Fetch-Site}
   * decides if it is present; {@code same-site} is not enough, because it includes other ports of
   * this machine.
   */
  private boolean isOwnPage(RequestSource source, Authority host) {
    if (!source.fetchSite().isEmpty()) {
      return source.fetchSite().equals("same-origin") || source.fetchSite().equals("none");
    }
    if (source.origin().isEmpty()) {
      return true;
    }
    Page page = Page.of(source.origin());
    return page.isFrom(host) || hosts.areOrigin(page.authority());
  }

  /** Returns whether a user follows a link to the page at the root, as if typing its address. */
  private static boolean isNavigation(Request request) {
    return request.method().equals("GET")
        && Routes.of(request).route() == PageRoute.WELCOME
        && request.provenance().fetchMode().equals("navigate");
  }

  private CheckResult forbidden(Request request, String reason) {
    return new AnsweredHere(crossOrigin.varying(api.refusal(request, FORBIDDEN, reason)));
  }

  private static String wrongHost(String host) {
    return "a server without authentication does not accept the host \""
        + PercentCode.shown(host)
        + "\", because a web page could have that name: use an IP address, localhost or a name"
        + " without a dot, add the name to allowed-hosts, or create a token (selvedge token"
        + " create)";
  }

  private static String wrongPage(RequestSource source) {
    String page = source.origin().isEmpty() ? "another site" : PercentCode.shown(source.origin());
    return "a web page of "
        + page
        + " may not use this server: add its origin to allowed-origins to let it read";
  }

  @Override
  public Api next() {
    return api;
  }
}
