package selvedge.server.site;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import selvedge.engine.Engine;
import selvedge.engine.edge.Follower;
import selvedge.engine.edge.Replica;
import selvedge.engine.namespace.DiskSpace;
import selvedge.engine.namespace.StoreRole;
import selvedge.engine.namespace.StoreUpkeep;
import selvedge.model.Limit;
import selvedge.model.Limits;
import selvedge.server.health.CommitWatch;
import selvedge.server.health.Health;
import selvedge.server.health.State;

/** Computes the state of a server from the parts of its site. Safe for use by many threads. */
public final class SiteHealth implements Supplier<Health> {
  private static final Logger LOG = LoggerFactory.getLogger(SiteHealth.class);
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final Supplier<Optional<String>> stopping;
  private final CommitWatch commits;
  private final Supplier<Runnable> syncs;
  private final long reserve;
  private volatile String recovering = "the store is being opened";
  private volatile @Nullable Engine<? extends StoreRole> engine;
  private volatile @Nullable DiskSpace space;
  private volatile long probedAt;
  private volatile boolean probed;
  private volatile long recoveringSince = System.nanoTime();

  /**
   * @param stopping returns why no further request must come; empty while the server runs
   * @param syncs is called when a sync of the journal begins, and returns what ends it
   */
  public SiteHealth(
      Supplier<Optional<String>> stopping,
      CommitWatch commits,
      Supplier<Runnable> syncs,
      Limits limits) {
    this.stopping = stopping;
    this.commits = commits;
    this.syncs = syncs;
    this.reserve = limits.get(Limit.DISK_RESERVE_BYTES);
  }

  /** Records what the server does until the next site is open. */
  void recovers(String reason) {
    if (engine != null) {
      recoveringSince = System.nanoTime();
    }
    engine = null;
    recovering = reason;
  }

  /** Records that the site of the engine answers from now on. */
  void opened(Engine<? extends StoreRole> opened) {
    commits.reset();
    space = new DiskSpace(opened.rocks()::roomBytes, reserve);
    opened.rocks().watchSyncs(syncs);
    if (engine == null) {
      LOG.info(
          "the store is open after {} ms, as of version {}; changes that were only in the journal:"
              + " {}",
          (System.nanoTime() - recoveringSince) / NANOS_PER_MILLI,
          opened.role().latest(),
          opened.rocks().replayed());
    }
    engine = opened;
  }

  /** Returns a line for operators while the disk has so little space that the feed is cut. */
  public Optional<String> lowDisk() {
    Engine<? extends StoreRole> open = engine;
    if (open == null) {
      return Optional.empty();
    }
    long room = room(open);
    return StoreUpkeep.isLow(room, reserve)
        ? Optional.of(
            "the disk has little space: room for "
                + room
                + " bytes; below disk-reserve-bytes ("
                + reserve
                + ") puts are refused; until then the feed keeps only what connected edges need")
        : Optional.empty();
  }

  /** Returns the state for a probe, and records that something watches this server. */
  Health probed() {
    probedAt = System.nanoTime();
    probed = true;
    return get();
  }

  /** Returns whether a probe has requested the state in the given time. */
  public boolean isProbed(Duration within) {
    return probed && System.nanoTime() - probedAt < within.toNanos();
  }

  @Override
  public Health get() {
    Optional<String> ending = stopping.get();
    if (ending.isPresent()) {
      return new Health(State.DRAINING, ending.get());
    }
    Engine<? extends StoreRole> open = engine;
    if (open == null) {
      return new Health(State.RECOVERING, recovering);
    }
    return writing(open)
        .orElseGet(
            () -> {
              List<String> damage = open.rocks().damage();
              return damage.isEmpty()
                  ? Health.SERVING
                  : new Health(
                      State.DAMAGED,
                      "damaged in " + damage.size() + " places; see selvedge status",
                      String.join("; ", damage));
            });
  }

  /** Returns the room for changes: changes in memory may need more than the disk has. */
  private static long room(Engine<? extends StoreRole> open) {
    return Math.max(0, open.rocks().roomBytes());
  }

  /** Returns why writes are not accepted; empty if they are. */
  private Optional<Health> writing(Engine<? extends StoreRole> open) {
    Optional<String> trouble = open.trouble();
    if (trouble.isPresent()) {
      return Optional.of(new Health(State.READ_ONLY, trouble.get()));
    }
    Optional<RuntimeException> failure = commits.failure();
    if (failure.isPresent()) {
      String detail = String.valueOf(failure.get().getMessage());
      return Optional.of(new Health(State.READ_ONLY, CommitWatch.reason(failure.get()), detail));
    }
    if (open.role() instanceof Replica replica) {
      Follower.Connection connection = replica.connection();
      return connection.open()
          ? Optional.empty()
          : Optional.of(
              new Health(State.READ_ONLY, "not connected to the origin", connection.trouble()));
    }
    DiskSpace disk = space;
    return disk == null || !disk.isFull()
        ? Optional.empty()
        : Optional.of(
            new Health(
                State.READ_ONLY,
                "the disk is full: puts are refused, deletes are accepted",
                "the disk has room for "
                    + room(open)
                    + " bytes; puts need disk-reserve-bytes ("
                    + reserve
                    + ") and are refused, deletes are accepted"));
  }
}
