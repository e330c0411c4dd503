package selvedge.server.site;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import selvedge.engine.Backup;
import selvedge.engine.edge.Replica;
import selvedge.engine.edge.StoreReplacement;
import selvedge.engine.store.Refusal;
import selvedge.engine.store.rocks.RocksStore;
import selvedge.model.Bytes;
import selvedge.model.InvalidRequestException;
import selvedge.model.Limit;
import selvedge.model.SelvedgeException;
import selvedge.model.WriteOptions;
import selvedge.server.api.Api;
import selvedge.server.api.v1.Control;
import selvedge.server.api.v1.EdgeReports;
import selvedge.server.config.Config;
import selvedge.server.config.Setting;
import selvedge.server.metrics.ServerMetrics;
import selvedge.server.voter.Membership;
import selvedge.server.voter.Voter;
import selvedge.server.voter.VoterDirectory;
import tools.jackson.databind.JsonNode;

/**
 * The site of a process, and its replacements: the promotion of an edge, another origin for it, and
 * a newer store when its feed is lost.
 *
 * <p>Safe for use by many threads. A request for a change is answered by the site that it replaces,
 * so each change runs on a thread of its own.
 */
public final class SiteSwitch implements Control {
  private static final Logger LOG = LoggerFactory.getLogger(SiteSwitch.class);
  private static final double MILLIS_PER_SECOND = 1000;

  private static final int REPAIRS_PER_RETRY = 20;

  private final SiteContext context;
  private final Config config;
  private final SiteParts parts;
  private final FollowedOrigin followed;
  private final OriginConnections connections;
  private final EdgeStore store;
  private final OriginSite origin;
  private final EdgeSite edge;
  private final Backups backups;
  private final SiteApi api;
  private final @Nullable Voter voter;
  private final CountDownLatch opened = new CountDownLatch(1);
  private volatile boolean closed;

  /** Held while the site is replaced, or the loading of a store begins. */
  private final ReentrantLock switching = new ReentrantLock();

  /** Grows with each replacement of the site. Read and written under the lock. */
  private long generation;

  /** The loading of a store that may replace the one in use. */
  private @Nullable Reload reload;

  private Refusal refusal = new Refusal();

  /** The replacement that has failed, and how many repairs ago. */
  private volatile @Nullable Runnable failed;

  private int repairsSinceFailure;

  /** The damage for which the store was opened again or replaced. */
  private Optional<String> repaired = Optional.empty();

  /** Opens the site that the configuration names. */
  public SiteSwitch(SiteContext context) {
    this.context = context;
    this.config = context.config();
    this.followed = new FollowedOrigin(config);
    this.parts = new SiteParts(context, this);
    this.connections = new OriginConnections(context, followed);
    this.store = new EdgeStore(context, followed, connections, parts.lineageStatus(), this::pause);
    this.origin = new OriginSite(context, parts, followed);
    this.edge = new EdgeSite(context, parts, followed, connections, store);
    this.backups =
        new Backups(
            config.backupDirectory(),
            context.stores().directory(),
            context.limits(),
            new Backup(context.limits(), context.clock(), context.random(), config.encryption()));
    this.voter = config.isVoter() ? openVoter(context) : null;
    if (voter == null) {
      VoterDirectory.requireNone(config.data());
      this.api = new SiteApi(config.isEdge() ? openEdge() : origin.open());
    } else {
      var site =
          new VoterSite(
              context,
              origin,
              edge,
              voter,
              () -> parts.edgeReports().least("voter", "disk_free_bytes"),
              () -> closed);
      parts.vote(site);
      this.api = new SiteApi(site.open());
      Thread.ofPlatform().name("selvedge-voter").daemon().start(() -> follow(voter, site));
    }
    opened.countDown();
  }

  private static Voter openVoter(SiteContext context) {
    Voter.Opener voters = context.voters();
    if (voters == null) {
      throw new InvalidRequestException(
          "this program has no part for voters: start selvedge serve, or leave cluster out");
    }
    new FirstStart(context.config(), context.stores()).requireVoter();
    return voters.open(context.config(), context.clock(), context.random());
  }

  /** Replaces the site whenever the voter becomes something else. */
  private void follow(Voter own, VoterSite sites) {
    Voter.Standing standing = own.standing();
    try {
      while (!closed) {
        if (!sites.fits(standing)) {
          api.replace(_ -> sites.open());
        }
        standing = own.awaitOther(standing);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IllegalStateException e) {
      LOG.debug("the voter stops: {}", e.getMessage());
    }
  }

  private Site openEdge() {
    long own = generation;
    return edge.open(reason -> reload(reason, own), this::reopen);
  }

  /** Returns the API of the current site, also after a replacement. */
  public Api api() {
    return api;
  }

  /** Returns the current site. */
  public Site site() {
    return api.site();
  }

  /** Returns the replica, if this is an edge. */
  public Optional<Replica> replica() {
    return site().role() instanceof Replica replica ? Optional.of(replica) : Optional.empty();
  }

  /** Registers the metrics of the servers that follow this one. */
  public void watchEdges(ServerMetrics metrics) {
    EdgeReports reports = parts.edgeReports();
    metrics.edges(
        "follower.connected",
        "1 while the server that follows this one reports to it",
        () ->
            reports.figures(
                (report, age) ->
                    EdgeReports.isPresent(age) && report.path("connected").asBoolean() ? 1 : 0));
    metrics.edges(
        "follower.age.seconds",
        "age of the data of the server that follows this one",
        () -> reports.figures(SiteSwitch::ageSeconds));
    metrics.edges(
        "follower.version",
        "newest version at the server that follows this one",
        () -> reports.figures((report, _) -> report.path("version").asDouble(Double.NaN)));
    metrics.edges(
        "follower.feed.left.seconds",
        "time until the server that follows this one must load a snapshot if it stays away",
        () -> {
          double reach = feedReach();
          return reports.figures((report, age) -> reach - ageSeconds(report, age));
        });
  }

  private static double ageSeconds(JsonNode report, Duration age) {
    return (report.path("age_millis").asDouble(Double.NaN) + age.toMillis()) / MILLIS_PER_SECOND;
  }

  /** Returns how far back the feed will reach if the changes keep their rate, in seconds. */
  private double feedReach() {
    RocksStore rocks = site().engine().rocks();
    double longest = context.limits().get(Limit.FEED_SECONDS);
    double seconds =
        Duration.between(rocks.feedStart(), context.clock().instant()).toMillis()
            / MILLIS_PER_SECOND;
    long bytes = rocks.feedBytes();
    return bytes == 0
        ? longest
        : Math.min(longest, seconds * context.limits().get(Limit.FEED_BYTES) / bytes);
  }

  /** Returns why each edge does not follow this server; empty for one that does. */
  public Map<String, String> edgeTroubles() {
    return parts.edgeReports().troubles();
  }

  /** Lets another voter lead, if this one does. */
  public void handOver() {
    if (voter != null) {
      voter.handOver();
    }
  }

  /** Ends the feeds that are read here and the loading of a store. The site stays open. */
  public void stop() {
    handOver();
    closed = true;
    site().role().signal().end();
  }

  /** Closes the current site, the one that is being opened in its place, and a store that loads. */
  public void close() {
    closed = true;
    switching.lock();
    try {
      endReload();
    } finally {
      switching.unlock();
    }
    api.close();
    if (voter != null) {
      voter.close();
    }
  }

  private boolean pause(Duration time) {
    try {
      Thread.sleep(time);
      return !closed;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /**
   * Repairs what this server can repair by itself. An origin opens its store again after a merge of
   * files found damage, or after a full disk, because RocksDB may refuse all writes then, and
   * otherwise tries to write. An edge replaces a damaged store by a snapshot. A voter repairs
   * nothing: its process ends when its log or its store refuses an entry, and is started again.
   */
  public void repair() {
    if (failed != null) {
      retry();
      return;
    }
    Optional<String> damage = site().engine().rocks().damagedTable();
    if (config.isVoter()) {
      return;
    }
    boolean isNew = damage.isPresent() && !damage.equals(repaired);
    if (replica().isPresent()) {
      if (isNew) {
        repaired = damage;
        reload("a file is damaged: " + damage.get(), generation());
      }
    } else if (context.commits().failure().isPresent()) {
      if (isNew) {
        repaired = damage;
        LOG.warn("opening the store again without merges, because a file is damaged");
        replace("the store is opened again, because a file is damaged", _ -> origin.open());
      } else {
        tryToWrite();
        if (refusal.lasts(site().engine().rocks(), context.clock().instant())) {
          refusal = new Refusal();
          reopen();
        }
      }
    }
  }

  /** Tries a failed replacement again, because without an open store nothing is answered. */
  private void retry() {
    repairsSinceFailure++;
    Runnable again = failed;
    if (again != null && repairsSinceFailure >= REPAIRS_PER_RETRY) {
      repairsSinceFailure = 0;
      failed = null;
      again.run();
    }
  }

  /** Opens the store again, which RocksDB needs after it could not create a file. */
  private void reopen() {
    LOG.warn("opening the store again, because it refuses writes and the disk has space again");
    boolean isReplica = replica().isPresent();
    replace(
        "the store is opened again, because it refuses writes",
        _ -> isReplica ? openEdge() : origin.open());
  }

  /** Writes an entry, so that the state changes as soon as the disk accepts writes. */
  private void tryToWrite() {
    try {
      site().role().system().put(StoreReplacement.CANARY, Bytes.utf8("health"), WriteOptions.PLAIN);
    } catch (SelvedgeException e) {
      LOG.debug("writes still fail", e);
    }
  }

  /**
   * Called by the follower's thread, which the replacement of the site ends.
   *
   * @param begun the generation of the site that has lost its feed
   */
  private void reload(String reason, long begun) {
    LOG.warn("loading a snapshot: {}", reason);
    Thread.ofPlatform().name("selvedge-reload").daemon().start(() -> load(begun));
  }

  private void load(long begun) {
    try {
      opened.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    Reload own = beginReload(begun);
    if (own != null && own.load()) {
      install(own);
    }
  }

  /** Returns null if the site that has lost its feed was replaced, or a store is loaded already. */
  private @Nullable Reload beginReload(long begun) {
    switching.lock();
    try {
      if (begun != generation || reload != null || closed) {
        return null;
      }
      Reload own = new Reload(store, site().role().descent(), () -> closed);
      reload = own;
      return own;
    } finally {
      switching.unlock();
    }
  }

  private long generation() {
    switching.lock();
    try {
      return generation;
    } finally {
      switching.unlock();
    }
  }

  /** Opens the store that was loaded, unless an operator has decided otherwise meanwhile. */
  private void install(Reload own) {
    switching.lock();
    try {
      if (!own.isEnded() && !closed) {
        reload = null;
        replaceNow(
            "a newer store is being opened",
            _ -> {
              store.install();
              return openEdge();
            });
      }
    } finally {
      switching.unlock();
    }
  }

  private void endReload() {
    Reload own = reload;
    if (own != null) {
      own.end();
      reload = null;
      parts.lineageStatus().blocked("");
    }
  }

  @Override
  public void promote(boolean forced) {
    requireEdge();
    requireAllData();
    if (!forced) {
      connections.requireSilent(parts.chain());
    }
    replace("this edge becomes the origin", _ -> origin.promote());
  }

  @Override
  public void follow(String address) {
    requireEdge();
    String checked = Config.address(new Setting("origin", address, "the request"));
    connections.requireNoCircle(checked, parts.chain());
    replace(
        "this edge follows another server",
        _ -> {
          followed.change(checked);
          return openEdge();
        });
  }

  @Override
  public void confirmClock() {
    site().role().clockCheck().confirm();
  }

  @Override
  public CreatedBackup backup(String name) {
    requireAllData();
    return backups.create(site().engine().rocks(), name);
  }

  @Override
  public Rotation rotateKey(boolean rewrites) {
    String key = site().engine().rocks().rotateKey(rewrites);
    LOG.info("the master key {} wraps the data keys from now on", key);
    return new Rotation(key, rewrites);
  }

  @Override
  public ChangedLimit setLimit(String name, Optional<String> value) {
    Limit limit = config.running().set(name, value);
    return new ChangedLimit(config.running().setting(limit), !limit.isFixedAtStart());
  }

  @Override
  public Compacted compact() {
    RocksStore rocks = site().engine().rocks();
    long before = DataFiles.storedBytes(rocks.properties());
    LOG.info("the files of the store are being merged, {} bytes", before);
    rocks.compact();
    long after = DataFiles.storedBytes(rocks.properties());
    LOG.info("the files of the store have been merged, {} bytes", after);
    return new Compacted(before, after);
  }

  @Override
  public void retire(String location) {
    parts.edgeReports().retire(location);
    LOG.info("the edge {} is retired", location);
  }

  @Override
  public Membership membership() {
    if (voter == null) {
      throw new InvalidRequestException(
          "this server is no voter: selvedge cluster init makes it the first one of a cluster");
    }
    return voter.membership();
  }

  private void requireEdge() {
    if (config.isVoter()) {
      throw new InvalidRequestException(
          "this server is a voter; only an edge can be promoted or follow another server");
    }
    if (replica().isEmpty()) {
      throw new InvalidRequestException(
          "this server is an origin; only an edge can be promoted or follow another server");
    }
  }

  private void requireAllData() {
    if (!config.cached().isEmpty()) {
      throw new InvalidRequestException(
          "this edge only caches " + config.cached() + ": use a server that has all data");
    }
  }

  /**
   * @param reason for the state of the server meanwhile
   * @param next as for {@link SiteApi#replace}
   */
  private void replace(String reason, UnaryOperator<Site> next) {
    Thread.ofPlatform().name("selvedge-switch").daemon().start(() -> replaceSoon(reason, next));
  }

  /** Ends the loading of another store first: it was begun for the site that is replaced. */
  private void replaceSoon(String reason, UnaryOperator<Site> next) {
    switching.lock();
    try {
      endReload();
      replaceNow(reason, next);
    } finally {
      switching.unlock();
    }
  }

  private void replaceNow(String reason, UnaryOperator<Site> next) {
    generation++;
    context.health().recovers(reason);
    try {
      api.replace(next);
    } catch (RuntimeException e) {
      LOG.error("the store cannot be opened again: {}", e.getMessage(), e);
      failed = () -> replace(reason, next);
      context.health().recovers("the store cannot be opened again; see the log");
    }
  }
}
