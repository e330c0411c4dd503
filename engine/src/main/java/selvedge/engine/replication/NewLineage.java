package selvedge.engine.replication;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import selvedge.engine.store.Epochs;
import selvedge.engine.store.Store;
import selvedge.engine.work.WriterOnly;
import selvedge.model.Bytes;
import selvedge.model.Change;
import selvedge.model.Expiry;
import selvedge.model.Key;
import selvedge.model.Metadata;
import selvedge.model.Mutation;
import selvedge.model.NamespaceId;
import selvedge.model.StoreUnusableException;
import selvedge.model.Version;

/**
 * The first changes of an origin: an opening, and for a new epoch also the lineage with the old
 * one.
 */
public final class NewLineage {
  private static final long LEAP = 1L << 32;
  private static final long LEAP_PER_SECOND = 1L << 17;
  private static final long NUMBER_MAX = (1L << 53) - 1;

  private NewLineage() {}

  /**
   * Returns the first version of a new lineage. It is so far above the last known change that no
   * store of the old lineage can have reached it since.
   *
   * @param at the time of the last known change
   */
  public static Version start(Version last, Instant at, Instant now) {
    long room = NUMBER_MAX - last.number();
    if (room <= LEAP) {
      throw new StoreUnusableException(
          "version " + last + " leaves no room below 2^53 for a new lineage");
    }
    long seconds = Math.max(0, Math.min(Duration.between(at, now).toSeconds(), 1L << 40));
    long leap = Math.min(LEAP + seconds * LEAP_PER_SECOND, Math.max(LEAP, room / 2));
    return new Version(last.number() + leap);
  }

  /** Returns the time of the last change of a store; the present one if it is empty. */
  public static Instant lastChangeAt(Store store, Instant now) {
    return store.latest().equals(Version.NONE) ? now : store.changedAt();
  }

  /** Writes an opening into a store and returns it. The store must not be open elsewhere. */
  @WriterOnly
  public static Openings.Opening open(Store store, Instant now, RandomGenerator random) {
    Descent.settle(store);
    Descent descent = Descent.of(store);
    var opening =
        new Openings.Opening(
            id(random), descent.epoch(), descent.latest(), descent.latest().next());
    store.commit(List.of(change(opening.first(), now, put(descent.openings().with(opening)))));
    return opening;
  }

  /**
   * Begins a new epoch in a store, with versions far above those that it has. The store must not be
   * open elsewhere.
   *
   * <p>After a crash at any point the store has either the old lineage or the new one, complete.
   */
  @WriterOnly
  public static void begin(Store store, Instant now, RandomGenerator random) {
    keepTrustedTime(store);
    Descent.settle(store);
    Descent descent = Descent.of(store);
    Version first = start(descent.latest(), lastChangeAt(store, now), now);
    Plan plan = plan(descent, descent.latest(), first, random);
    store.commit(
        List.of(change(first, now, plan.openings()), change(first.next(), now, plan.lineage())));
    Descent.settle(store);
  }

  /** The clock was not checked, so its time in the new changes must not count at the next start. */
  private static void keepTrustedTime(Store store) {
    store.trusted(store.trustedAt());
  }

  /**
   * Makes a store the first one of a new cluster, which shares no changes with other stores. The
   * store must not be open elsewhere.
   */
  @WriterOnly
  public static void beginCluster(Store store, Instant now, RandomGenerator random) {
    keepTrustedTime(store);
    Descent.settle(store);
    Descent descent = Descent.of(store);
    Version first = start(descent.latest(), lastChangeAt(store, now), now);
    var opening = new Openings.Opening(id(random), Epochs.draw(random), descent.latest(), first);
    store.commit(
        List.of(
            change(first, now, put(new Openings(List.of(opening)))),
            change(first.next(), now, put(Lineage.KEY, Lineage.NONE.text()))));
    Descent.settle(store);
  }

  /** The two entries of a new lineage. They must be written in one commit. */
  public record Plan(Mutation openings, Mutation lineage) {}

  /**
   * Returns the changes that begin a new lineage.
   *
   * @param agreed the last valid version of the old epoch
   * @param first the first version of the new lineage
   */
  public static Plan plan(Descent descent, Version agreed, Version first, RandomGenerator random) {
    Lineage lineage = descent.lineage().after(new Lineage.Ancestor(descent.epoch(), agreed));
    var opening = new Openings.Opening(id(random), Epochs.draw(random), descent.latest(), first);
    return new Plan(put(descent.openings().with(opening)), put(Lineage.KEY, lineage.text()));
  }

  private static long id(RandomGenerator random) {
    long id = random.nextLong();
    return id == 0 ? 1 : id;
  }

  private static Change change(Version version, Instant now, Mutation mutation) {
    return new Change(version, now, NamespaceId.SYSTEM, mutation);
  }

  private static Mutation put(Openings openings) {
    return put(Openings.KEY, openings.text());
  }

  private static Mutation put(Key key, Bytes value) {
    return new Mutation.Put(key, value, Metadata.NONE, Expiry.NEVER);
  }

  /** Returns the opening that a change records; empty for every other change. */
  public static Optional<Openings.Opening> opening(Change change) {
    return isOf(change, Openings.KEY) && change.mutation() instanceof Mutation.Put put
        ? Openings.parse(put.value().bytes().utf8()).all().stream().findFirst()
        : Optional.empty();
  }

  /**
   * Returns whether a change is the first of the two that begin a lineage. The second one follows
   * at once.
   *
   * @param epoch of the store that receives the change
   */
  public static boolean isFirstOfTwo(Change change, long epoch) {
    if (!isOf(change, Openings.KEY) || !(change.mutation() instanceof Mutation.Put put)) {
      return false;
    }
    List<Openings.Opening> all = Openings.parse(put.value().bytes().utf8()).all();
    return !all.isEmpty()
        && all.getFirst().epoch() != (all.size() == 1 ? epoch : all.get(1).epoch());
  }

  /** Returns whether a change may change the epoch of the store. */
  public static boolean concerns(Change change) {
    return isOf(change, Openings.KEY) || isOf(change, Lineage.KEY);
  }

  private static boolean isOf(Change change, Key key) {
    return change.namespace().equals(NamespaceId.SYSTEM)
        && change.mutation() instanceof Mutation.Put put
        && put.key().equals(key);
  }
}
