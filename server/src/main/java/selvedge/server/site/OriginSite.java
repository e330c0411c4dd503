package selvedge.server.site;

import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import selvedge.engine.Engine;
import selvedge.engine.namespace.DefaultAccount;
import selvedge.engine.origin.Origin;
import selvedge.engine.replication.NewLineage;
import selvedge.engine.replication.Position;
import selvedge.engine.store.rocks.RocksStore;
import selvedge.engine.work.WorkerThread;
import selvedge.model.AccountId;
import selvedge.model.InvalidRequestException;
import selvedge.model.Limits;
import selvedge.model.Namespace;
import selvedge.model.SelvedgeException;
import selvedge.server.access.TokenGate;
import selvedge.server.access.TokenUse;
import selvedge.server.access.Tokens;
import selvedge.server.api.route.ApiRouter;
import selvedge.server.api.shared.LineageCheck;
import selvedge.server.api.v1.EdgeFacts;
import selvedge.server.api.v1.FeedEndpoint;
import selvedge.server.audit.Audit;
import selvedge.server.audit.AuditTrail;
import selvedge.server.audit.ClientAddress;
import selvedge.server.audit.PendingActs;
import selvedge.server.config.Config;
import selvedge.server.config.SharedLimits;
import selvedge.server.quota.DailyAllowance;
import selvedge.server.quota.StorageUse;
import selvedge.server.session.SessionApi;

/** Opens the site of an origin. Used by one thread at a time. */
final class OriginSite {
  private static final Logger LOG = LoggerFactory.getLogger(OriginSite.class);
  private static final int ID_BYTES = 16;

  private final SiteContext context;
  private final SiteParts parts;
  private final FollowedOrigin followed;

  OriginSite(SiteContext context, SiteParts parts, FollowedOrigin followed) {
    this.context = context;
    this.parts = parts;
    this.followed = followed;
  }

  /** Opens an origin. One that was an edge keeps the limits that it had. */
  Site open() {
    requireNoEdge();
    parts.chain().begin();
    context.stores().directory().recoverOrigin();
    new FirstStart(context.config(), context.stores()).require();
    Engine<Origin> engine =
        Engine.origin(context.engineOptions(OriginSite::failed), context.commits());
    return opened(
        engine,
        tokens -> new OriginClaims(engine.role(), tokens, parts.lineageStatus(), context.clock()));
  }

  /** Makes an origin of the store of an edge, which must be closed, and opens it. */
  Site promote() {
    try (RocksStore store = context.stores().open()) {
      NewLineage.begin(store, context.clock().instant(), context.random());
    }
    followed.delete();
    Site site = open();
    LOG.info("this is the origin from now on, of epoch {}", site.role().epoch());
    return site;
  }

  private void requireNoEdge() {
    Optional<String> origin = followed.read();
    if (origin.isPresent()) {
      throw new InvalidRequestException(
          context.config().data()
              + " belongs to an edge of "
              + origin.get()
              + ": start it with --origin; while it runs, selvedge promote makes it an origin");
    }
  }

  private static void failed(String thread, Throwable failure) {
    LOG.error("the thread {} has stopped for good", thread, failure);
  }

  /**
   * Opens the protocols over the origin of a voter that leads. It begins no lineage for a replica
   * that has more changes: what a majority has stored is only lost by a decision of an operator.
   */
  Site lead(Engine<Origin> engine) {
    return opened(engine, _ -> FeedEndpoint.Claims.NONE);
  }

  private Site opened(Engine<Origin> engine, Function<Tokens, FeedEndpoint.Claims> claims) {
    try {
      return open(engine, claims);
    } catch (RuntimeException e) {
      engine.close();
      throw e;
    }
  }

  private Site open(Engine<Origin> engine, Function<Tokens, FeedEndpoint.Claims> claims) {
    Config config = context.config();
    Origin origin = engine.role();
    Namespace system = origin.system();
    AccountId account = account(system);
    Tokens tokens = tokens(system);
    Limits limits = limits(system);
    var storage = new StorageUse(origin, limits);
    var allowance = new DailyAllowance(system, limits, context.clock(), storage);
    WorkerThread usage = SiteParts.start("selvedge-usage", allowance);
    WorkerThread counting = SiteParts.start("selvedge-storage", storage);
    var probe =
        new PropagationProbe(
            system, context.clock(), context.limits(), parts.edgeReports()::isAnyPresent);
    WorkerThread probing = SiteParts.start("selvedge-canary", probe);
    TokenGate gate = parts.gate(tokens);
    var use = new TokenUse(gate, tokens, config.data(), context.clock());
    Supplier<Optional<Position>> position =
        () -> Optional.of(SiteParts.position(origin, Duration.ZERO, context.clock().instant()));
    var audit = new Audit(system, limits);
    new PendingActs(config.data(), limits).moveTo(audit);
    RunningSummaries summaries = parts.summaries(engine);
    var services =
        new SiteServices(
            limits,
            account,
            use,
            gate,
            parts.cookies(tokens, origin, limits),
            allowance,
            position,
            new StatusReport(context, parts, "", engine, _ -> {}),
            audit,
            facts -> take(facts, audit, use),
            summaries.summaries(),
            claims.apply(tokens));
    context.analytics().follow(false);
    WorkerThread amounts = parts.amounts(origin, summaries);
    ApiRouter router = parts.router(engine, services);
    WorkerThread checking = SiteParts.start("selvedge-metadata", origin.metadata());
    shareFromNowOn(system, limits);
    List<Runnable> closing =
        List.of(
            parts.watch(use, () -> false),
            probing::close,
            usage::close,
            counting::close,
            checking::close,
            amounts::close,
            allowance::step,
            summaries::close,
            engine::close);
    var lineage = new LineageCheck(router, origin::descent, gate::admits);
    var trail =
        AuditTrail.storing(audit, gate, new ClientAddress(gate, config.peers()), context.clock());
    var api = new OriginApi(router, lineage, origin::latest, origin::epoch, trail, gate::admits);
    LOG.info("this is the origin of the cluster {}", origin.descent().cluster());
    var sessions = new SessionApi(api, services.cookies());
    context.health().opened(engine);
    return new Site(engine, account, tokens, gate, sessions, closing);
  }

  private long take(EdgeFacts facts, Audit audit, TokenUse use) {
    audit.addReported(facts.acts());
    use.addReported(facts.uses());
    return context.analytics().receive(facts.numbers());
  }

  private void shareFromNowOn(Namespace system, Limits limits) {
    SharedLimits.write(system, limits);
    context.config().running().observe(() -> share(system, limits));
  }

  /** Passes changed limits on to the edges. A full disk does not prevent a change. */
  private static void share(Namespace system, Limits limits) {
    try {
      SharedLimits.write(system, limits);
    } catch (SelvedgeException e) {
      LOG.warn("the edges keep the old limits until the next start: {}", e.getMessage());
    }
  }

  private Tokens tokens(Namespace system) {
    var tokens = new Tokens(system, context.limits(), context.clock(), context.random());
    if (!context.config().rootToken().isEmpty()) {
      tokens.root(context.config().rootToken());
    }
    parts.requireToken(tokens);
    return tokens;
  }

  private Limits limits(Namespace system) {
    Config config = context.config();
    return config.isEdge() ? new EdgeLimits(system, config.running()).view() : context.limits();
  }

  private AccountId account(Namespace system) {
    String configured = context.config().account();
    if (!configured.isEmpty()) {
      DefaultAccount.set(system, new AccountId(configured));
    }
    byte[] id = new byte[ID_BYTES];
    context.random().nextBytes(id);
    return DefaultAccount.storeIfAbsent(system, new AccountId(HexFormat.of().formatHex(id)));
  }
}
