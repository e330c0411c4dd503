package selvedge.server.site;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import selvedge.engine.Engine;
import selvedge.engine.edge.Replica;
import selvedge.engine.namespace.StoreRole;
import selvedge.engine.replication.Descent;
import selvedge.engine.replication.Position;
import selvedge.engine.store.rocks.EncryptionState;
import selvedge.engine.store.rocks.StoreDirectory;
import selvedge.engine.summary.Summaries;
import selvedge.engine.work.Worker;
import selvedge.engine.work.WorkerThread;
import selvedge.model.InvalidRequestException;
import selvedge.model.Limit;
import selvedge.model.Limits;
import selvedge.server.access.Openness;
import selvedge.server.access.TokenGate;
import selvedge.server.access.TokenUse;
import selvedge.server.access.TokenWatch;
import selvedge.server.access.Tokens;
import selvedge.server.analytics.StorageCount;
import selvedge.server.api.binding.BindingApi;
import selvedge.server.api.console.ConsolePages;
import selvedge.server.api.explorer.ExplorerApi;
import selvedge.server.api.probes.Probes;
import selvedge.server.api.rest.RestApi;
import selvedge.server.api.route.ApiRouter;
import selvedge.server.api.shared.ProtocolContext;
import selvedge.server.api.shared.Spools;
import selvedge.server.api.v1.AnalyticsEndpoint;
import selvedge.server.api.v1.AuditEndpoint;
import selvedge.server.api.v1.BulkGetEndpoint;
import selvedge.server.api.v1.Control;
import selvedge.server.api.v1.DigestEndpoint;
import selvedge.server.api.v1.EdgeReports;
import selvedge.server.api.v1.Endpoints;
import selvedge.server.api.v1.FeedEndpoint;
import selvedge.server.api.v1.ForeignClusters;
import selvedge.server.api.v1.HistoryEndpoint;
import selvedge.server.api.v1.OverviewEndpoint;
import selvedge.server.api.v1.Peers;
import selvedge.server.api.v1.PositionEndpoint;
import selvedge.server.api.v1.Replication;
import selvedge.server.api.v1.SessionEndpoint;
import selvedge.server.api.v1.SnapshotEndpoint;
import selvedge.server.api.v1.StalenessEndpoint;
import selvedge.server.api.v1.SummaryEndpoint;
import selvedge.server.api.v1.TokensEndpoint;
import selvedge.server.api.v1.V1Api;
import selvedge.server.config.Config;
import selvedge.server.edge.Chain;
import selvedge.server.session.SessionCookies;
import selvedge.server.session.SignInCodes;
import selvedge.server.voter.Voter;

/**
 * What the sites of an origin and of an edge have in common: the router of the protocols, the
 * threads that watch tokens, and the reports that outlive a site.
 */
final class SiteParts {
  private static final Logger LOG = LoggerFactory.getLogger(SiteParts.class);

  private final SiteContext context;
  private final Control control;
  private final EdgeReports edgeReports = new EdgeReports(System::nanoTime);
  private final ForeignClusters foreignClusters = new ForeignClusters(System::nanoTime);
  private final LineageStatus lineageStatus;
  private final Chain chain;
  private volatile Voting voting = Voting.NONE;

  /** What a voter adds to the probes and to the status. */
  interface Voting {
    /** The parts of a server that is no voter. */
    Voting NONE =
        new Voting() {
          @Override
          public Optional<String> trouble() {
            return Optional.empty();
          }

          @Override
          public Optional<Voter.Status> status() {
            return Optional.empty();
          }
        };

    /** Returns why the server cannot serve at this moment. */
    Optional<String> trouble();

    /** Returns the state of the voter; empty if the server is none. */
    Optional<Voter.Status> status();

    /** Returns why a role does not order the writes; empty if it does. */
    default Optional<String> followed(StoreRole role) {
      return role instanceof Replica
          ? Optional.of("this server follows another one")
          : Optional.empty();
    }
  }

  /**
   * @param control changes what this process is
   */
  SiteParts(SiteContext context, Control control) {
    this.context = context;
    this.control = control;
    this.chain = new Chain(context.random());
    this.lineageStatus =
        new LineageStatus(new StoreDirectory(context.config().data()), foreignClusters);
  }

  void vote(Voting voter) {
    voting = voter;
  }

  Voting voting() {
    return voting;
  }

  EdgeReports edgeReports() {
    return edgeReports;
  }

  /** Returns the servers by which changes come to this process. */
  Chain chain() {
    return chain;
  }

  LineageStatus lineageStatus() {
    return lineageStatus;
  }

  TokenGate gate(Tokens tokens) {
    return new TokenGate(tokens, context.openness(), context.localSecret());
  }

  /** Throws if the server takes requests from other machines and has no token. */
  void requireToken(Tokens tokens) {
    Config config = context.config();
    if (context.openness() == Openness.NEVER && tokens.isEmpty()) {
      throw new InvalidRequestException(
          "on "
              + config.host()
              + " a server takes requests from other machines, so it does not start without a"
              + " token: "
              + (config.isEdge()
                  ? "make one at the origin, with: selvedge token create"
                  : "give --root-token, or make one with: selvedge token create --data "
                      + config.data())
              + "; --open starts it without one, for every client that can connect");
    }
  }

  /** Builds the router of the protocols over the engine of a site. */
  ApiRouter router(Engine<? extends StoreRole> engine, SiteServices services) {
    StoreRole role = engine.role();
    var protocols =
        new ProtocolContext(
            role,
            role::peek,
            role::submit,
            services.gate(),
            services.allowance(),
            services.limits(),
            context.clock(),
            spools(engine, services.limits()),
            services.account());
    TokenUse use = services.use();
    var v1 =
        new V1Api(
            protocols,
            new Endpoints(
                new TokensEndpoint(use.tokens(), use::last, services.limits(), context.clock()),
                new AuditEndpoint(services.audit()),
                sessions(services),
                new SummaryEndpoint(services.summaries(), services.allowance(), services.limits()),
                new HistoryEndpoint(
                    role.feed(), role.signal(), services.limits(), System::nanoTime),
                overview(engine, services),
                new AnalyticsEndpoint(
                    context.analytics(), role, services.summaries(), context.clock()),
                new StalenessEndpoint(role.system()),
                replication(engine, services)));
    var probes =
        new Probes(
            services.gate(),
            context.health()::probed,
            () -> services.position().get().map(Position::age),
            () -> voting.followed(role),
            context.metrics()::text);
    var rest = new RestApi(protocols, context.analytics());
    return new ApiRouter(
        List.of(
            rest,
            new BindingApi(protocols),
            v1,
            new ExplorerApi(rest, protocols),
            probes,
            new ConsolePages()),
        new RequestOwners(services.gate()));
  }

  private SessionEndpoint sessions(SiteServices services) {
    return new SessionEndpoint(
        new SessionEndpoint.SignIn(
            services.gate(),
            services.cookies(),
            new SignInCodes(context.clock(), context.random())),
        json -> {
          services.report().identity(json);
          json.writeStringProperty("account", services.account().hex());
        },
        !context.config().tlsCertificate().isEmpty(),
        services.limits());
  }

  private OverviewEndpoint overview(Engine<? extends StoreRole> engine, SiteServices services) {
    var files = new DataFiles(context.config());
    return new OverviewEndpoint(
        engine.role(),
        services.summaries(),
        new OverviewEndpoint.Facts(
            engine.role()::latest,
            services.report()::members,
            engine.rocks()::freeBytes,
            files::totalBytes,
            () -> DataFiles.storedBytes(engine.rocks().properties()),
            files::certificateEnd,
            services.allowance()::usage,
            () ->
                new OverviewEndpoint.Requests(
                    context.metrics().answered("GET", "HEAD"),
                    context.metrics().answered("PUT", "POST", "DELETE", "other"))),
        services.limits(),
        context.clock());
  }

  /** Starts to keep exact counts of a store, until they are closed. */
  RunningSummaries summaries(Engine<? extends StoreRole> engine) {
    StoreRole role = engine.role();
    return new RunningSummaries(
        new Summaries(
            new Summaries.Source(engine.rocks()::index, role.feed()),
            role.clock(),
            System::nanoTime,
            context.limits()));
  }

  /** Starts to record how much each namespace of an origin stores. */
  WorkerThread amounts(StoreRole role, RunningSummaries summaries) {
    return start(
        "selvedge-amounts",
        new StorageCount(role, summaries.summaries(), context.analytics(), context.clock()));
  }

  /** Returns the cookies of browsers that sign in at any server of the cluster. */
  SessionCookies cookies(Tokens tokens, StoreRole role, Limits limits) {
    return new SessionCookies(
        role.descent().cluster(),
        tokens.derivedKey("cookies of sessions"),
        limits.seconds(Limit.SESSION_SECONDS),
        context.clock(),
        context.random());
  }

  private Spools spools(Engine<? extends StoreRole> engine, Limits limits) {
    Optional<EncryptionState> encryption = engine.rocks().encryption();
    if (encryption.isPresent() && !encryption.get().complete()) {
      LOG.warn(
          "the store has rows that are not encrypted; they are being encrypted under the master key"
              + " {}",
          encryption.get().masterKey());
    }
    return new Spools(
        SpoolDirectory.prepare(context.config().data()),
        engine.rocks()::freeBytes,
        limits,
        encryption.isPresent());
  }

  private Replication replication(Engine<? extends StoreRole> engine, SiteServices services) {
    StoreRole role = engine.role();
    Config config = context.config();
    return new Replication(
        new FeedEndpoint(
            new FeedEndpoint.Changes(
                role.feed(), role.signal(), role::descent, role instanceof Replica),
            services.claims(),
            services.limits(),
            context.clock(),
            System::nanoTime),
        new SnapshotEndpoint(engine.rocks()::snapshot, role::descent, role.signal()),
        new BulkGetEndpoint(
            services.allowance(),
            services.limits(),
            role::latest,
            role::descent,
            engine.rocks()::get),
        new DigestEndpoint(engine.rocks()::snapshot, role::epoch, config.cached(), context.clock()),
        new PositionEndpoint(
            services.position(),
            edgeReports,
            role::descent,
            foreignClusters,
            services.facts(),
            chain::text),
        new Peers(config.peers()),
        services.report()::members,
        control);
  }

  /**
   * Returns the position of a process. The age must be read before, because the version that is
   * read afterwards includes every change that the age stands for.
   */
  static Position position(StoreRole role, Duration age, Instant at) {
    Descent descent = role.descent();
    return new Position(descent.epoch(), descent.latest(), age, at, descent.openings().newest());
  }

  /**
   * Starts the threads that watch the tokens and record their use.
   *
   * @param suspended returns whether tokens are refused for now
   * @return a task that stops the threads
   */
  Runnable watch(TokenUse use, BooleanSupplier suspended) {
    WorkerThread watching =
        start("selvedge-tokens", new TokenWatch(use.tokens(), suspended, context.readmit()));
    WorkerThread using = start("selvedge-token-use", use);
    return () -> {
      watching.close();
      using.close();
      use.store();
    };
  }

  /** Starts a background thread, whose failure is logged. */
  static WorkerThread start(String name, Worker worker) {
    return new WorkerThread(name, worker, e -> LOG.error("{} stopped", name, e)).start();
  }
}
