package selvedge.server.site;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import selvedge.model.Limit;
import selvedge.model.SelvedgeException;
import selvedge.server.api.HeaderNames;
import selvedge.server.api.Request;
import selvedge.server.api.Response;
import selvedge.server.config.Config;
import selvedge.server.edge.Onward;
import selvedge.server.edge.Upstream;
import selvedge.server.voter.Voter;

/**
 * Opens the sites of a voter, one after another: that of an origin while it leads, and else one
 * that answers as an edge of the leader. Used by one thread at a time.
 */
final class VoterSite implements SiteParts.Voting {
  private static final Logger LOG = LoggerFactory.getLogger(VoterSite.class);
  private static final Duration RETRY = Duration.ofMillis(100);

  private final SiteContext context;
  private final OriginSite origin;
  private final EdgeSite edge;
  private final Voter voter;
  private final LongSupplier smallestDisk;
  private final BooleanSupplier closed;

  /** The standing for which the current site was opened. */
  private volatile Voter.Standing current = new Voter.Looking();

  /**
   * @param smallestDisk returns the least free disk space that the other voters report, in bytes
   */
  VoterSite(
      SiteContext context,
      OriginSite origin,
      EdgeSite edge,
      Voter voter,
      LongSupplier smallestDisk,
      BooleanSupplier closed) {
    this.smallestDisk = smallestDisk;
    this.context = context;
    this.origin = origin;
    this.edge = edge;
    this.voter = voter;
    this.closed = closed;
  }

  /**
   * Opens the site for what the voter is now. Retries until that succeeds, since the voter may
   * become something else meanwhile, and an empty store waits for the first changes of the leader.
   */
  Site open() {
    String lastReason = "";
    while (true) {
      Voter.Standing standing = voter.standing();
      try {
        Site site = open(standing);
        current = standing;
        LOG.info("{}", description(standing));
        return site;
      } catch (SelvedgeException | IllegalStateException e) {
        String reason = String.valueOf(e.getMessage());
        if (!reason.equals(lastReason)) {
          LOG.info("this voter does not serve yet: {}", reason);
          lastReason = reason;
        }
        pause();
      }
    }
  }

  private static String description(Voter.Standing standing) {
    return switch (standing) {
      case Voter.Leading(long term) -> "this voter leads in term " + term;
      case Voter.Following(URI leader) -> "this voter follows " + leader;
      case Voter.Looking() -> "this voter serves reads, and no leader is known";
    };
  }

  private void pause() {
    try {
      Thread.sleep(RETRY);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (closed.getAsBoolean() || Thread.currentThread().isInterrupted()) {
      throw new IllegalStateException("the server stopped before it had a site");
    }
  }

  private Site open(Voter.Standing standing) {
    Site site =
        switch (standing) {
          case Voter.Leading _ ->
              withApi(origin.lead(voter.lead(context.metrics(), VoterSite::failed, smallestDisk)));
          case Voter.Following(URI leader) -> follow(List.of(leader));
          case Voter.Looking() -> follow(List.of());
        };
    return quietly(site);
  }

  private Site withApi(Site site) {
    return new Site(
        site.engine(),
        site.account(),
        site.tokens(),
        site.gate(),
        new LeadingApi(site.api(), voter::isProven, voter::prove),
        site.closing());
  }

  private Site follow(List<URI> leader) {
    Config config = context.config();
    var header = new Response.Header(HeaderNames.SELVEDGE_VOTER, config.voting().node());
    return edge.voter(
        report -> upstream(leader, report),
        Onward.toLeader(this::refusal, header),
        (upstream, watcher) -> voter.follow(upstream, watcher, VoterSite::failed));
  }

  private Upstream upstream(List<URI> leader, Upstream.Report report) {
    Config config = context.config();
    return new Upstream(
        new Upstream.Options(
            leader,
            config.originToken().isEmpty() ? config.rootToken() : config.originToken(),
            config.cached(),
            context.limits().seconds(Limit.HEARTBEAT_SECONDS).multipliedBy(3)),
        System::nanoTime,
        report,
        context.trust(),
        Optional::empty);
  }

  /** Returns why a request cannot be forwarded: it must not travel from voter to voter. */
  private Optional<String> refusal(Request request) {
    Optional<String> trouble = trouble();
    if (trouble.isPresent()) {
      return trouble;
    }
    return request
        .header(HeaderNames.SELVEDGE_VOTER)
        .map(from -> "this voter does not lead, and " + from + " forwarded the request to it");
  }

  /** Exceptions must not keep the other parts of a site open when its voter has lost its right. */
  private static Site quietly(Site site) {
    List<Runnable> closing =
        site.closing().stream().<Runnable>map(step -> () -> attempt(step)).toList();
    return new Site(site.engine(), site.account(), site.tokens(), site.gate(), site.api(), closing);
  }

  private static void attempt(Runnable step) {
    try {
      step.run();
    } catch (SelvedgeException | IllegalStateException e) {
      LOG.debug("a part of the site was closed without its last write: {}", e.getMessage());
    }
  }

  private static void failed(String thread, Throwable failure) {
    LOG.error("the thread {} has failed", thread, failure);
  }

  /** Returns whether the current site fits what the voter is now. */
  boolean fits(Voter.Standing standing) {
    Voter.Standing opened = current;
    return opened.equals(standing)
        || (standing instanceof Voter.Looking && !(opened instanceof Voter.Leading));
  }

  @Override
  public Optional<String> trouble() {
    return voter.standing() instanceof Voter.Looking
        ? Optional.of("the voters have no leader at the moment")
        : Optional.empty();
  }

  @Override
  public Optional<Voter.Status> status() {
    return Optional.of(voter.status());
  }
}
