package selvedge.server.api.shared;

import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import selvedge.engine.replication.Descent;
import selvedge.engine.replication.Openings;
import selvedge.model.Condition;
import selvedge.model.Version;
import selvedge.server.api.HeaderNames;
import selvedge.server.api.Request;
import selvedge.server.api.Response;
import selvedge.server.api.route.ApiRouter;
import selvedge.server.api.route.Routes;

/**
 * Refuses requests for another cluster, and versions that are not part of this lineage. Safe for
 * use by many threads.
 */
public final class LineageCheck {
  public static final String LINEAGE_CHANGED = "lineage-changed";
  public static final String OTHER_CLUSTER = "other-cluster";

  /** Not lineage-changed: the client has lost nothing, and must not forget what it has seen. */
  private static final String ORIGIN_CONTINUED = "origin-continued";

  private static final int PRECONDITION_FAILED = 412;

  private final ApiRouter router;
  private final Supplier<Descent> descent;
  private final Predicate<Request> admitted;

  /**
   * @param admitted whether the sender of a request is known; an unknown sender must not learn
   *     versions
   */
  public LineageCheck(ApiRouter router, Supplier<Descent> descent, Predicate<Request> admitted) {
    this.router = router;
    this.descent = descent;
    this.admitted = admitted;
  }

  /** Returns whether the request names its cluster or epoch, or that of an edge. */
  static boolean concerns(Request request) {
    return request.header(HeaderNames.SELVEDGE_CLUSTER).isPresent()
        || request.header(HeaderNames.SELVEDGE_EDGE_EPOCH).isPresent()
        || request.header(HeaderNames.SELVEDGE_EPOCH).isPresent();
  }

  /** Returns the refusal of a request of another lineage; empty for every other request. */
  public Optional<Response> refusal(Request request, FreshnessHeaders freshness) {
    boolean names = concerns(request) || !freshness.atLeast().equals(Version.NONE);
    if (!names || comparesItself(request) || !admitted.test(request)) {
      return Optional.empty();
    }
    Descent here = descent.get();
    Optional<String> cluster = request.header(HeaderNames.SELVEDGE_CLUSTER);
    if (cluster.isPresent() && !cluster.get().equals(here.cluster().toString())) {
      return Optional.of(refusal(request, OTHER_CLUSTER, otherCluster(here, cluster.get())));
    }
    Optional<String> edge = request.header(HeaderNames.SELVEDGE_EDGE_EPOCH);
    if (edge.isPresent() && !here.knows(number(edge.get()))) {
      return Optional.of(refusal(request, ORIGIN_CONTINUED, originContinued(here, edge.get())));
    }
    Optional<String> epoch = request.header(HeaderNames.SELVEDGE_EPOCH);
    return (epoch.isPresent()
            ? changed(here, request, epoch.get(), newest(request, freshness.atLeast()))
            : beforeLost(here, freshness.atLeast()))
        .map(
            agreed ->
                refusal(request, LINEAGE_CHANGED, lineageChanged(here, agreed))
                    .with(new Response.Header(HeaderNames.SELVEDGE_AGREED, agreed.toString())));
  }

  /** Returns whether the handler of the request compares the lineage of the sender itself. */
  public static boolean comparesItself(Request request) {
    return Routes.of(request).route().entry().comparesLineage();
  }

  public static String otherCluster(Descent here, String other) {
    return "this server belongs to the cluster "
        + here.cluster()
        + ", and the request to the cluster "
        + other;
  }

  private static String originContinued(Descent here, String edge) {
    return "the request comes by an edge of epoch "
        + edge
        + ", which this origin of epoch "
        + here.epoch()
        + " does not know: another server has continued its changes, or its directory is an old"
        + " copy. The edge would never get what is accepted here";
  }

  public static String lineageChanged(Descent here, Version agreed) {
    return "the changes here are of epoch "
        + here.epoch()
        + "; of those that the sender has seen, the ones up to version "
        + agreed
        + " are here";
  }

  /**
   * Returns whether the request names an epoch or an opening that is unknown here, and may be known
   * at the origin.
   */
  public boolean isUnknown(Request request) {
    Optional<String> epoch = request.header(HeaderNames.SELVEDGE_EPOCH);
    if (epoch.isEmpty()) {
      return false;
    }
    Descent here = descent.get();
    long opening = opening(request);
    return !here.knows(number(epoch.get())) || (opening != 0 && !here.openings().has(opening));
  }

  /**
   * Returns the header by which an edge names its epoch in a request that it forwards. An origin
   * that does not know this epoch is one that another server has continued, or an old copy: what it
   * accepts never reaches the edge.
   *
   * @param own the epoch of this edge
   */
  public Response.Header edgeEpoch(Request request, long own) {
    return new Response.Header(
        HeaderNames.SELVEDGE_EDGE_EPOCH,
        request
            .header(HeaderNames.SELVEDGE_EDGE_EPOCH)
            .filter(epoch -> !descent.get().knows(number(epoch)))
            .orElseGet(() -> Long.toString(own)));
  }

  /** Returns the opening that an edge names for an entry that it caches; 0 if there is none. */
  private static long opening(Request request) {
    return request.header(HeaderNames.SELVEDGE_OPENING).map(Openings::id).orElse(0L);
  }

  /** Returns the newest version that the request names. */
  private static Version newest(Request request, Version least) {
    boolean conditional =
        !Routes.of(request).route().isRead() && request.header(HeaderNames.IF_MATCH).isPresent();
    return conditional
            && Entity.condition(request) instanceof Condition.Is(Version version)
            && version.compareTo(least) > 0
        ? version
        : least;
  }

  /** Returns the version before a number that was skipped between two lineages. */
  private static Optional<Version> beforeLost(Descent here, Version named) {
    return here.openings().isLost(named)
        ? here.openings().all().stream()
            .map(Openings.Opening::after)
            .filter(after -> after.compareTo(named) < 0)
            .findFirst()
        : Optional.empty();
  }

  /** Returns the last version that both have, if the request names a later one. */
  private static Optional<Version> changed(
      Descent here, Request request, String epoch, Version named) {
    long opening = opening(request);
    if (opening != 0 && !here.openings().isEmpty()) {
      Version agreed = here.openings().end(opening, named).orElse(Version.NONE);
      return named.compareTo(agreed) > 0 ? Optional.of(agreed) : Optional.empty();
    }
    long number = number(epoch);
    if (number == here.epoch()) {
      return Optional.empty();
    }
    Version agreed = here.lineage().lastOf(number).orElse(Version.NONE);
    return named.compareTo(agreed) > 0 ? Optional.of(agreed) : Optional.empty();
  }

  private static long number(String epoch) {
    try {
      return Long.parseLong(epoch);
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  private Response refusal(Request request, String code, String message) {
    return router
        .refusal(request, PRECONDITION_FAILED, code, message)
        .header(HeaderNames.SELVEDGE_ERROR, code);
  }
}
