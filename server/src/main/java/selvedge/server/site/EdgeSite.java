package selvedge.server.site;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import selvedge.engine.Engine;
import selvedge.engine.edge.Replica;
import selvedge.engine.edge.StoreOpener;
import selvedge.engine.namespace.DefaultAccount;
import selvedge.engine.replication.Position;
import selvedge.engine.work.WorkerThread;
import selvedge.model.AccountId;
import selvedge.model.Change;
import selvedge.model.NamespaceId;
import selvedge.server.access.TokenGate;
import selvedge.server.access.TokenUse;
import selvedge.server.access.Tokens;
import selvedge.server.api.route.ApiRouter;
import selvedge.server.api.shared.LineageCheck;
import selvedge.server.api.v1.FeedEndpoint;
import selvedge.server.audit.Audit;
import selvedge.server.audit.AuditTrail;
import selvedge.server.audit.ClientAddress;
import selvedge.server.audit.PendingActs;
import selvedge.server.config.Config;
import selvedge.server.edge.EdgeApi;
import selvedge.server.edge.EdgeContext;
import selvedge.server.edge.Onward;
import selvedge.server.edge.Upstream;
import selvedge.server.quota.Allowance;
import selvedge.server.session.SessionApi;

/** Opens the site of an edge. Used by one thread at a time. */
final class EdgeSite {
  private static final Logger LOG = LoggerFactory.getLogger(EdgeSite.class);

  /** What an edge passes on to the server that it follows: requests, and claims of followers. */
  private record Passing(Onward onward, Function<Tokens, FeedEndpoint.Claims> claims) {}

  private final SiteContext context;
  private final SiteParts parts;
  private final FollowedOrigin followed;
  private final OriginConnections connections;
  private final EdgeStore store;

  EdgeSite(
      SiteContext context,
      SiteParts parts,
      FollowedOrigin followed,
      OriginConnections connections,
      EdgeStore store) {
    this.context = context;
    this.parts = parts;
    this.followed = followed;
    this.connections = connections;
    this.store = store;
  }

  /**
   * Opens an edge, and loads a snapshot first if there is no store yet.
   *
   * @param lost receives the reason when only a newer snapshot leads further
   * @param refused runs when the store must be opened again before it accepts writes
   */
  Site open(Consumer<String> lost, Runnable refused) {
    parts.chain().begin();
    followed.configure();
    var report = new EdgeReport(parts.chain());
    Upstream upstream = connections.open(report);
    try {
      StoreOpener stores = context.stores();
      stores.directory().recover();
      new FirstStart(context.config(), stores).requireConfigured();
      if (stores.hasStore() && followed.read().isEmpty()) {
        new Demotion(context.config().data(), stores, followed, store).demote(upstream);
      }
      context.health().recovers("a snapshot of the origin is being loaded");
      store.require();
      return open(upstream, report, lost, refused);
    } catch (RuntimeException e) {
      upstream.close();
      throw e;
    }
  }

  private Site open(Upstream upstream, EdgeReport report, Consumer<String> lost, Runnable refused) {
    return open(
        upstream,
        report,
        new SystemWatcher(lost, refused, context.metrics()::propagated),
        new Passing(Onward.FREE, tokens -> new EdgeClaims(upstream::feed, tokens::name)),
        watcher ->
            Engine.replica(
                context.engineOptions(EdgeSite::restarted),
                upstream,
                context.config().selection(),
                watcher));
  }

  /**
   * Opens the protocols of a voter that does not lead.
   *
   * @param leader opens the connections to the leader
   * @param onward when requests may be forwarded to the leader
   * @param opening starts the replica
   */
  Site voter(
      Function<Upstream.Report, Upstream> leader,
      Onward onward,
      BiFunction<Upstream, Replica.Watcher, Engine<Replica>> opening) {
    var report = new EdgeReport(null);
    Upstream upstream = leader.apply(report);
    try {
      return open(
          upstream,
          report,
          new SystemWatcher(_ -> {}, () -> {}, context.metrics()::propagated),
          new Passing(onward, _ -> FeedEndpoint.Claims.NONE),
          watcher -> opening.apply(upstream, watcher));
    } catch (RuntimeException e) {
      upstream.close();
      throw e;
    }
  }

  private Site open(
      Upstream upstream,
      EdgeReport report,
      SystemWatcher watcher,
      Passing passing,
      Function<Replica.Watcher, Engine<Replica>> opening) {
    Engine<Replica> engine = opening.apply(watcher);
    try {
      connections.belongTo(engine.role().descent().cluster());
      return new Protocols(engine, upstream, passing, watcher).open(report);
    } catch (RuntimeException e) {
      engine.close();
      throw e;
    }
  }

  private static void restarted(String thread, Throwable failure) {
    LOG.error("{} failed and is started again", thread, failure);
  }

  /** The protocols over an open replica. */
  private final class Protocols {
    private final Engine<Replica> engine;
    private final Replica replica;
    private final Upstream upstream;
    private final Passing passing;
    private final SystemWatcher watcher;
    private final AccountId account;
    private final Tokens tokens;
    private final EdgeLimits limits;
    private final TokenGate gate;
    private final TokenUse use;
    private final PendingActs pending;
    private final RevocationBound bound;
    private final OwnToken own;
    private final StatusReport status;
    private final RunningSummaries summaries;
    private final SiteServices services;

    /**
     * @param watcher reloads the tokens and the limits from now on
     */
    Protocols(Engine<Replica> engine, Upstream upstream, Passing passing, SystemWatcher watcher) {
      Config config = context.config();
      this.engine = engine;
      this.replica = engine.role();
      this.upstream = upstream;
      this.passing = passing;
      this.watcher = watcher;
      // First, because it fails while the store of a voter is empty: nothing must run by then.
      this.account = DefaultAccount.stored(replica.system());
      this.tokens =
          new Tokens(replica.system(), context.limits(), context.clock(), context.random());
      this.limits = new EdgeLimits(replica.system(), config.running());
      watcher.reload =
          () -> {
            tokens.reload();
            limits.reload();
          };
      config.running().observe(limits::reload);
      tokens.reload();
      parts.requireToken(tokens);
      this.gate = parts.gate(tokens);
      this.use = new TokenUse(gate, tokens, config.data(), context.clock());
      this.pending = new PendingActs(config.data(), context.limits());
      this.bound =
          new RevocationBound(
              config.data(), context.limits(), () -> replica.freshness().age(), context.clock());
      this.own = new OwnToken(tokens, config.originToken(), upstream::isRefused);
      this.status = status();
      this.summaries = parts.summaries(engine);
      this.services = services();
    }

    private StatusReport status() {
      return new StatusReport(
          context,
          parts,
          upstream.toString(),
          engine,
          json -> {
            bound.write(json);
            own.write(json);
          });
    }

    private SiteServices services() {
      return new SiteServices(
          limits.view(),
          account,
          use,
          gate,
          parts.cookies(tokens, replica, limits.view()),
          Allowance.UNLIMITED,
          () -> position(replica),
          status,
          new Audit(replica.system(), limits.view()),
          facts -> {
            pending.addReported(facts.acts());
            use.addReported(facts.uses());
            return context.analytics().receive(facts.numbers());
          },
          summaries.summaries(),
          passing.claims().apply(tokens));
    }

    /** Opens the protocols, whose end closes the engine. */
    Site open(EdgeReport report) {
      ApiRouter router = parts.router(engine, services);
      context.analytics().follow(true);
      report.open(status, pending, use, context.analytics());
      WorkerThread checking = SiteParts.start("selvedge-metadata", replica.metadata());
      WorkerThread bounding =
          SiteParts.start(
              "selvedge-contact",
              () -> {
                own.check();
                return bound.step();
              });
      List<Runnable> closing =
          List.of(
              () -> watcher.closing = true,
              parts.watch(use, bound::isPast),
              bounding::close,
              upstream::close,
              checking::close,
              summaries::close,
              engine::close);
      var sessions = new SessionApi(api(router), services.cookies());
      context.health().opened(engine);
      return new Site(engine, account, tokens, gate, sessions, closing);
    }

    private EdgeApi api(ApiRouter router) {
      AuditTrail audit =
          AuditTrail.reporting(
              pending,
              gate,
              new ClientAddress(gate, context.config().peers()),
              context.clock(),
              context.config().location());
      return new EdgeApi(
          new EdgeContext(
              router,
              new LineageCheck(router, replica::descent, gate::admits),
              replica,
              upstream,
              audit,
              context.limits(),
              System::nanoTime,
              gate::admits,
              () -> bound.isPast() ? Optional.of(bound.reason()) : Optional.empty(),
              gate::isFromOwner,
              context.tracing(),
              passing.onward()));
    }
  }

  private static Optional<Position> position(Replica replica) {
    return replica
        .freshness()
        .age()
        .map(age -> SiteParts.position(replica, age, replica.originTime()));
  }

  /** Reloads the tokens when entries of the server itself change, and passes on a lost feed. */
  private static final class SystemWatcher implements Replica.Watcher {
    private final Consumer<String> lost;
    private final Runnable refused;
    private final Consumer<Duration> delays;
    private volatile Runnable reload = () -> {};

    /** Set before the connection to the origin is closed, which is no trouble then. */
    private volatile boolean closing;

    SystemWatcher(Consumer<String> lost, Runnable refused, Consumer<Duration> delays) {
      this.lost = lost;
      this.refused = refused;
      this.delays = delays;
    }

    @Override
    public void applied(List<Change> changes) {
      FollowedEvent.record(changes.size());
      if (changes.stream().anyMatch(change -> change.namespace().equals(NamespaceId.SYSTEM))) {
        reload.run();
      }
    }

    @Override
    public void delayed(Duration delay) {
      delays.accept(delay);
    }

    @Override
    public void lost(String reason) {
      lost.accept(reason);
    }

    @Override
    public void refused() {
      refused.run();
    }

    @Override
    public void troubled(String reason) {
      if (!closing) {
        LOG.warn("not following: {}", reason);
      }
    }
  }
}
