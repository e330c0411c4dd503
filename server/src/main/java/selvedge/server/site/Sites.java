package selvedge.server.site;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import selvedge.engine.Backup;
import selvedge.engine.Engine;
import selvedge.engine.EngineOptions;
import selvedge.engine.edge.EdgeFile;
import selvedge.engine.edge.Replica;
import selvedge.engine.edge.StoreReplacement;
import selvedge.engine.namespace.DefaultAccount;
import selvedge.engine.namespace.StoreRole;
import selvedge.engine.origin.Origin;
import selvedge.engine.replication.ClusterId;
import selvedge.engine.replication.Descent;
import selvedge.engine.replication.NewLineage;
import selvedge.engine.replication.Position;
import selvedge.engine.replication.Relation;
import selvedge.engine.store.rocks.RocksStore;
import selvedge.engine.store.rocks.StoreDirectory;
import selvedge.engine.work.Worker;
import selvedge.engine.work.WorkerThread;
import selvedge.model.AccountId;
import selvedge.model.Bytes;
import selvedge.model.Change;
import selvedge.model.InvalidRequestException;
import selvedge.model.Limit;
import selvedge.model.Limits;
import selvedge.model.Namespace;
import selvedge.model.NamespaceId;
import selvedge.model.Version;
import selvedge.model.tls.Trust;
import selvedge.server.access.Openness;
import selvedge.server.access.TokenGate;
import selvedge.server.access.TokenUse;
import selvedge.server.access.TokenWatch;
import selvedge.server.access.Tokens;
import selvedge.server.api.Json;
import selvedge.server.api.binding.BindingApi;
import selvedge.server.api.probes.Probes;
import selvedge.server.api.probes.Welcome;
import selvedge.server.api.rest.RestApi;
import selvedge.server.api.route.ApiRouter;
import selvedge.server.api.shared.LineageGate;
import selvedge.server.api.shared.ProtocolContext;
import selvedge.server.api.shared.Spools;
import selvedge.server.api.v1.BulkGetEndpoint;
import selvedge.server.api.v1.Control;
import selvedge.server.api.v1.DigestEndpoint;
import selvedge.server.api.v1.EdgeReports;
import selvedge.server.api.v1.FeedEndpoint;
import selvedge.server.api.v1.FeedEndpoint.Claims;
import selvedge.server.api.v1.ForeignClusters;
import selvedge.server.api.v1.Peers;
import selvedge.server.api.v1.PositionEndpoint;
import selvedge.server.api.v1.Replication;
import selvedge.server.api.v1.SnapshotEndpoint;
import selvedge.server.api.v1.StalenessEndpoint;
import selvedge.server.api.v1.TokensEndpoint;
import selvedge.server.api.v1.V1Api;
import selvedge.server.config.Config;
import selvedge.server.config.SharedLimits;
import selvedge.server.edge.EdgeApi;
import selvedge.server.edge.Upstream;
import selvedge.server.metrics.ServerMetrics;
import selvedge.server.quota.Allowance;
import selvedge.server.quota.DailyAllowance;
import selvedge.server.quota.StorageUse;
import tools.jackson.core.JsonGenerator;

/** Builds what stands behind the socket of one process. Used by one thread at a time. */
public final class Sites {
  private static final Logger LOG = LoggerFactory.getLogger(Sites.class);
  private static final int ID_BYTES = 16;

  private final Config config;
  private final Limits limits;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final ServerMetrics metrics;
  private final Supplier<Optional<String>> stopping;
  private final Control control;
  private final String localSecret;
  private final Openness openness;
  private final Supplier<Trust> trust;
  private final Runnable readmit;
  private final EdgeFile edgeFile;
  private final StoreDirectory directory;
  private final StoreLoader loader;
  private final StoreReplacement replacement;
  private final EdgeReports branches = new EdgeReports(System::nanoTime);
  private final ForeignClusters strangers = new ForeignClusters(System::nanoTime);
  private final LineageStatus standing;
  private final Backups backups;
  private volatile @Nullable ClusterId cluster;

  /**
   * @param stopping why no request is to come any more, if so
   * @param control changes what this process is
   * @param localSecret admits the owner of the data directory
   * @param openness when requests without a token are accepted
   * @param trust of outgoing connections
   * @param readmit ends the requests at work that would not be admitted any more
   */
  public Sites(
      Config config,
      InstantSource clock,
      RandomGenerator random,
      ServerMetrics metrics,
      Supplier<Optional<String>> stopping,
      Control control,
      String localSecret,
      Openness openness,
      Supplier<Trust> trust,
      Runnable readmit) {
    this.config = config;
    this.limits = config.limits();
    this.clock = clock;
    this.random = random;
    this.metrics = metrics;
    this.stopping = stopping;
    this.control = control;
    this.localSecret = localSecret;
    this.openness = openness;
    this.trust = trust;
    this.readmit = readmit;
    this.edgeFile = new EdgeFile(config.data());
    this.directory = new StoreDirectory(config.data(), config.encryption());
    this.replacement = new StoreReplacement(directory, limits, clock, random);
    this.backups =
        new Backups(
            config.backupDirectory(),
            directory,
            limits,
            new Backup(limits, clock, random, config.encryption()));
    this.standing = new LineageStatus(directory, strangers);
    this.loader =
        new StoreLoader(config, clock, random, () -> upstream(new Told()), replacement, standing);
  }

  /** Opens what orders its writes itself; one that was an edge keeps the limits that it had. */
  public Site origin() {
    requireNoEdge();
    directory.recover();
    new FirstStart(config, clock, random).require();
    Engine<Origin> engine = Engine.origin(engineOptions(Sites::failed), metrics);
    try {
      Namespace system = engine.role().system();
      AccountId home = home(system);
      var tokens = new Tokens(system, limits, clock, random);
      if (!config.rootToken().isEmpty()) {
        tokens.root(config.rootToken());
      }
      requireToken(tokens);
      Limits met =
          config.isEdge() ? SharedLimits.read(system, limits, config.explicitLimits()) : limits;
      var storage = new StorageUse(engine.role(), met);
      var allowance = new DailyAllowance(system, met, clock, storage);
      WorkerThread usage = thread("selvedge-usage", allowance);
      WorkerThread counting = thread("selvedge-storage", storage);
      var canary = new PropagationProbe(system, clock, limits, branches::isAnyPresent);
      WorkerThread singing = thread("selvedge-canary", canary);
      var gate = new TokenGate(tokens, openness, localSecret);
      var use = new TokenUse(gate, tokens, config.data(), clock);
      Supplier<Optional<Position>> position =
          () -> Optional.of(position(engine.role(), Duration.ZERO, clock.instant()));
      Report report = report(engine, _ -> {});
      Claims claims = new OriginClaims(engine.role(), tokens, standing, clock);
      ApiRouter faces = faces(engine, met, home, use, gate, allowance, position, report, claims);
      WorkerThread checking = thread("selvedge-metadata", engine.role().metadata());
      SharedLimits.write(system, met);
      List<Runnable> closing =
          List.of(
              watch(use, () -> false),
              singing::close,
              usage::close,
              counting::close,
              checking::close,
              allowance::step,
              engine::close);
      StoreRole keeper = engine.role();
      var lineage = new LineageGate(faces, keeper::descent, gate::admits);
      var api = new OriginApi(faces, lineage, keeper::latest, keeper::epoch, gate::admits);
      LOG.info("this is the origin of the cluster {}", keeper.descent().cluster());
      return new Site(engine, home, tokens, gate, api, closing);
    } catch (RuntimeException e) {
      engine.close();
      throw e;
    }
  }

  private void requireNoEdge() {
    Optional<String> origin = edgeFile.read();
    if (origin.isPresent()) {
      throw new InvalidRequestException(
          config.data()
              + " belongs to an edge of "
              + origin.get()
              + ": start it with --origin; while it runs, selvedge promote makes it an origin");
    }
  }

  /**
   * Opens what follows another process, from a snapshot of it if nothing is here yet.
   *
   * @param lost hears why only a new snapshot leads further
   */
  public Site edge(Consumer<String> lost) {
    var told = new Told();
    Upstream upstream = upstream(told);
    try {
      directory.recover();
      new FirstStart(config, clock, random).requireConfigured();
      if (Files.exists(directory.store()) && edgeFile.read().isEmpty()) {
        demote(upstream);
      }
      if (!Files.exists(directory.store()) || !edgeFile.lacking().equals(lacking())) {
        load(own());
        install();
      }
      return edge(upstream, told, lost);
    } catch (RuntimeException e) {
      upstream.close();
      throw e;
    }
  }

  /** The lineage of the store in use, which nobody has open; null if there is none. */
  private @Nullable Descent own() {
    if (!Files.exists(directory.store())) {
      return null;
    }
    try (RocksStore store = directory.open(limits, clock, random)) {
      return Descent.of(store);
    }
  }

  /** Whom this edge follows: whoever it was told of since it was started with that origin. */
  private String followed() {
    return edgeFile.origin(config.origin());
  }

  /** From here on the directory is an edge's. */
  private void mark() {
    try {
      Files.createDirectories(config.data());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make " + config.data(), e);
    }
    edgeFile.write(config.origin(), followed(), lacking());
  }

  /** Makes a new store beside the one in use; see {@link StoreLoader#load}. */
  public void load(@Nullable Descent own) {
    if (!edgeFile.loading().equals(lacking())) {
      directory.forget();
    }
    mark();
    loader.load(own);
  }

  /**
   * Puts the new store in the place of the old one. A store with changes that no other server has
   * is kept beside it, and one that must not be replaced stays in use.
   */
  public void install() {
    boolean again = Files.exists(directory.store());
    try {
      Optional<Path> kept = replacement.install();
      edgeFile.installed();
      kept.ifPresent(this::tell);
      if (again) {
        LOG.info("loaded anew, and following again");
      }
    } catch (IOException e) {
      standing.blocked(String.valueOf(e.getMessage()));
      LOG.warn("the store stays as it is: {}", e.getMessage());
    }
  }

  private void tell(Path kept) {
    LOG.warn(
        "this server had changes that {} does not have; they are kept in {}. Read them by: selvedge"
            + " export --data {} --store {} --after (the first number of its name); only an"
            + " operator deletes them",
        followed(),
        kept,
        config.data(),
        kept.getFileName());
  }

  /** What is cached and not replicated is not in the store. */
  private String lacking() {
    return String.join(",", config.cached().stream().map(NamespaceId::hex).sorted().toList());
  }

  /** Follows another process from the next site on. */
  public void follow(String origin) {
    edgeFile.write(config.origin(), origin, lacking());
  }

  private Upstream upstream(Supplier<Bytes> report) {
    return new Upstream(
        URI.create(followed()),
        config.originToken(),
        config.cached(),
        limits.seconds(Limit.HEARTBEAT_SECONDS).multipliedBy(3),
        System::nanoTime,
        report,
        trust,
        this::identity);
  }

  /** The cluster that this server belongs to, or must belong to. */
  private Optional<ClusterId> identity() {
    return Optional.ofNullable(cluster).or(config::cluster);
  }

  /** What an edge tells of itself, once it is there. */
  private static final class Told implements Supplier<Bytes> {
    private volatile Supplier<Bytes> report = () -> Bytes.utf8("{}");

    @Override
    public Bytes get() {
      return report.get();
    }
  }

  private Site edge(Upstream upstream, Told told, Consumer<String> lost) {
    var watcher = new SystemWatcher(lost);
    Engine<Replica> engine =
        Engine.replica(engineOptions(Sites::restarted), upstream, config.selection(), watcher);
    try {
      Replica replica = engine.role();
      cluster = replica.descent().cluster();
      Namespace system = replica.system();
      var tokens = new Tokens(system, limits, clock, random);
      watcher.hears = tokens::reload;
      tokens.reload();
      requireToken(tokens);
      var gate = new TokenGate(tokens, openness, localSecret);
      var use = new TokenUse(gate, tokens, config.data(), clock);
      Supplier<Optional<Position>> position =
          () ->
              replica.freshness().age().map(each -> position(replica, each, replica.originTime()));
      var bound =
          new RevocationBound(config.data(), limits, () -> replica.freshness().age(), clock);
      var own = new OwnToken(tokens, config.originToken(), upstream::isRefused);
      Report report = report(engine, json -> write(json, bound, own));
      Limits shared = SharedLimits.read(system, limits, config.explicitLimits());
      ApiRouter faces =
          faces(
              engine,
              shared,
              DefaultAccount.stored(system),
              use,
              gate,
              Allowance.UNLIMITED,
              position,
              report,
              Claims.NONE);
      told.report = report::bytes;
      WorkerThread checking = thread("selvedge-metadata", replica.metadata());
      WorkerThread bounding = thread("selvedge-contact", contact(bound, own));
      List<Runnable> closing =
          List.of(
              watch(use, bound::isPast),
              bounding::close,
              upstream::close,
              checking::close,
              engine::close);
      EdgeApi api = edgeApi(faces, replica, upstream, gate, bound);
      return new Site(engine, DefaultAccount.stored(system), tokens, gate, api, closing);
    } catch (RuntimeException e) {
      upstream.close();
      engine.close();
      throw e;
    }
  }

  private static void write(JsonGenerator json, RevocationBound bound, OwnToken own) {
    bound.write(json);
    own.write(json);
  }

  private static Worker contact(RevocationBound bound, OwnToken own) {
    return () -> {
      own.check();
      return bound.step();
    };
  }

  private EdgeApi edgeApi(
      ApiRouter faces, Replica replica, Upstream upstream, TokenGate gate, RevocationBound bound) {
    return new EdgeApi(
        faces,
        new LineageGate(faces, replica::descent, gate::admits),
        replica,
        upstream,
        limits,
        System::nanoTime,
        gate::admits,
        () -> bound.isPast() ? Optional.of(bound.reason()) : Optional.empty(),
        gate::isFromOwner);
  }

  /** Tells when the entries that the server keeps for itself change. */
  private static final class SystemWatcher implements Replica.Watcher {
    private final Consumer<String> lost;
    private volatile Runnable hears = () -> {};

    SystemWatcher(Consumer<String> lost) {
      this.lost = lost;
    }

    @Override
    public void applied(List<Change> changes) {
      if (changes.stream().anyMatch(change -> change.namespace().equals(NamespaceId.SYSTEM))) {
        hears.run();
      }
    }

    @Override
    public void lost(String why) {
      lost.accept(why);
    }

    @Override
    public void troubled(String why) {
      LOG.warn("not following: {}", why);
    }
  }

  /** Makes an edge of what was an origin, unless it has changes that its new origin lacks. */
  private void demote(Upstream upstream) {
    Descent own;
    Version shared;
    boolean unseen;
    try (RocksStore store = directory.open(limits, clock, random)) {
      own = Descent.of(store);
      shared = shared(upstream, own);
      unseen = replacement.hasChanges(store, shared);
    }
    if (unseen) {
      throw new InvalidRequestException(
          config.data()
              + " has changes that "
              + followed()
              + " has not seen, the versions after "
              + shared
              + " up to "
              + own.latest()
              + ". Keep them by: selvedge export --data "
              + config.data()
              + " --after "
              + shared
              + " > unseen.ndjson; then start with an empty directory");
    }
    LOG.info("{} was an origin and follows {} from now on", config.data(), followed());
    mark();
    if (own.latest().compareTo(shared) > 0) {
      load(own);
      install();
    }
  }

  /** How far what is here and what the origin has are the same. */
  private Version shared(Upstream upstream, Descent own) {
    try {
      Descent there = upstream.descent();
      return switch (Relation.of(own, there)) {
        case Relation.Contained _ -> own.latest();
        case Relation.Forked(var agreed) -> agreed;
        case Relation.Behind(var version) -> version;
        case Relation.Past _, Relation.Foreign _ ->
            throw new InvalidRequestException(
                config.data()
                    + " belongs to an origin that "
                    + followed()
                    + " does not go on from (cluster "
                    + own.cluster()
                    + ", there "
                    + there.cluster()
                    + "): start it without --origin, or give another directory by --data");
      };
    } catch (IOException e) {
      throw new UncheckedIOException("cannot compare what is here with " + followed(), e);
    }
  }

  /** Writes a backup of the store in use. */
  public Control.CreatedBackup backup(RocksStore store, String name) {
    return backups.create(store, name);
  }

  /** Wraps the data keys of the store in use by the master key that is there now. */
  public Control.Rotation rotateKey(RocksStore store, boolean rewrites) {
    String key = store.rotateKey(rewrites);
    LOG.info("the master key {} wraps the data keys from now on", key);
    return new Control.Rotation(key, rewrites);
  }

  /** Makes an origin of the store of an edge, which nobody has open. */
  public Site promoted() {
    try (RocksStore store = directory.open(limits, clock, random)) {
      NewLineage.begin(store, clock.instant(), random);
    }
    edgeFile.delete();
    Site site = origin();
    LOG.info("this is the origin from now on, of epoch {}", site.keeper().epoch());
    return site;
  }

  private ApiRouter faces(
      Engine<? extends StoreRole> engine,
      Limits met,
      AccountId home,
      TokenUse use,
      TokenGate gate,
      Allowance allowance,
      Supplier<Optional<Position>> position,
      Report report,
      Claims claims) {
    StoreRole keeper = engine.role();
    var spools =
        new Spools(
            spool(config.data()),
            engine.rocks()::freeBytes,
            met,
            engine.rocks().encryption().isPresent());
    var context =
        new ProtocolContext(
            keeper, keeper::peek, keeper::submit, gate, allowance, met, clock, spools, home);
    var v1 =
        new V1Api(
            context,
            new TokensEndpoint(use.tokens(), use::last, met, clock),
            new Replication(
                new FeedEndpoint(
                    keeper.feed(), keeper.signal(), keeper::descent, claims, met, clock),
                new SnapshotEndpoint(
                    engine.rocks()::snapshot, keeper::descent, keeper.signal()::isEnded),
                new BulkGetEndpoint(allowance, met, keeper::latest, keeper::epoch),
                new DigestEndpoint(engine.rocks()::snapshot, keeper::epoch, config.cached(), clock),
                new PositionEndpoint(position, branches, keeper::descent, strangers),
                new Peers(config.peers()),
                report::members,
                control),
            new StalenessEndpoint(keeper.system()));
    var probes =
        new Probes(
            gate, () -> stopping.get().or(engine::trouble), engine.rocks()::damage, metrics::text);
    return new ApiRouter(
        List.of(new RestApi(context), new BindingApi(context), v1, probes, new Welcome()),
        new RequestOwners(gate));
  }

  private Report report(Engine<? extends StoreRole> engine, Json.Writing more) {
    return new Report(
        config, followed(), engine.role(), engine.rocks(), branches, standing, clock, more);
  }

  /** The age comes first: what is there when it was taken is there when the version is. */
  private static Position position(StoreRole keeper, Duration age, Instant at) {
    Descent descent = keeper.descent();
    return new Position(descent.epoch(), descent.latest(), age, at, descent.openings().newest());
  }

  /** Watches the tokens and their use, until what is returned runs. */
  private Runnable watch(TokenUse use, BooleanSupplier suspended) {
    WorkerThread watching =
        thread("selvedge-tokens", new TokenWatch(use.tokens(), suspended, readmit));
    WorkerThread using = thread("selvedge-token-use", use);
    return () -> {
      watching.close();
      using.close();
      use.store();
    };
  }

  private static WorkerThread thread(String name, Worker worker) {
    return new WorkerThread(name, worker, e -> LOG.error("{} stopped", name, e)).start();
  }

  private void requireToken(Tokens tokens) {
    if (openness == Openness.NEVER && tokens.isEmpty()) {
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

  private AccountId home(Namespace system) {
    if (!config.account().isEmpty()) {
      DefaultAccount.set(system, new AccountId(config.account()));
    }
    byte[] id = new byte[ID_BYTES];
    random.nextBytes(id);
    return DefaultAccount.of(system, new AccountId(HexFormat.of().formatHex(id)));
  }

  private EngineOptions engineOptions(Engine.Failures failures) {
    return new EngineOptions(
        config.data(), limits, clock, System::nanoTime, random, config.encryption(), failures);
  }

  private static void restarted(String thread, Throwable failure) {
    LOG.error("{} failed and is started again", thread, failure);
  }

  private static void failed(String thread, Throwable failure) {
    LOG.error("{} stopped and will not go on", thread, failure);
  }

  /** A directory for bodies that have to arrive whole, empty at the start. */
  private static Path spool(Path data) {
    Path directory = data.resolve("spool");
    if (Files.isSymbolicLink(directory)) {
      throw new InvalidRequestException(
          directory
              + " is a symbolic link, and everything in a spool is deleted at the start: remove"
              + " the link");
    }
    try {
      Files.createDirectories(directory);
      try (Stream<Path> left = Files.list(directory)) {
        for (Path each : left.toList()) {
          Files.deleteIfExists(each);
        }
      }
      return directory;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot use " + directory, e);
    }
  }
}
