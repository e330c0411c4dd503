package selvedge.verification.simulation;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import selvedge.engine.feed.Feed;
import selvedge.engine.feed.FeedRead;
import selvedge.engine.store.MemoryStore;
import selvedge.engine.store.Pending;
import selvedge.engine.store.Store;
import selvedge.engine.store.Upload;
import selvedge.model.Change;
import selvedge.model.Key;
import selvedge.model.Listing;
import selvedge.model.Lookup;
import selvedge.model.NamespaceId;
import selvedge.model.Page;
import selvedge.model.Version;

/** A store of which a crash leaves what was synced. */
final class Disk implements Store, Feed {
  private static final double CRASH = 0.002;

  private final World world;
  private long epoch;
  private final boolean skipsSync;
  private final Consumer<List<Change>> durable;
  private final List<Change> synced = new ArrayList<>();
  private MemoryStore memory;

  /** The power is gone while something is written. */
  static final class PowerCut extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  /**
   * @param durable hears of what is on the disk
   */
  Disk(World world, long epoch, boolean skipsSync, Consumer<List<Change>> durable) {
    this.world = world;
    this.epoch = epoch;
    this.skipsSync = skipsSync;
    this.durable = durable;
    this.memory = new MemoryStore(epoch);
  }

  /** What is there when the power is back. */
  void restart() {
    memory.close();
    memory = new MemoryStore(epoch);
    memory.commit(synced);
  }

  @Override
  public void commit(List<Change> changes) {
    begin(changes).complete();
  }

  @Override
  public Pending begin(List<Change> changes) {
    return new Pending() {
      @Override
      public void await() {
        if (world.chance(CRASH)) {
          throw new PowerCut();
        }
        if (!skipsSync || world.chance(0.9)) {
          synced.addAll(changes);
        }
        durable.accept(changes);
      }

      @Override
      public void finish() {
        if (world.chance(CRASH)) {
          throw new PowerCut();
        }
        memory.commit(changes);
      }
    };
  }

  @Override
  public long epoch() {
    return epoch;
  }

  @Override
  public void adopt(long given) {
    epoch = given;
    memory.adopt(given);
  }

  @Override
  public Version latest() {
    return memory.latest();
  }

  /** How far it was when it was last synced. */
  Version latestSynced() {
    return synced.isEmpty() ? Version.NONE : synced.getLast().version();
  }

  @Override
  public Lookup get(NamespaceId namespace, Key key) {
    return memory.get(namespace, key);
  }

  @Override
  public Page list(NamespaceId namespace, Listing listing) {
    return memory.list(namespace, listing);
  }

  @Override
  public Upload upload() {
    return memory.upload();
  }

  /** A sweep is not synced: what it removed is there again after a crash, and expired still. */
  @Override
  public boolean sweep(Instant moment, int limit) {
    return memory.sweep(moment, limit);
  }

  @Override
  public long freeBytes() {
    return memory.freeBytes();
  }

  @Override
  public FeedRead read(Version after, int limit) {
    return memory.read(after, limit);
  }

  @Override
  public Version horizon() {
    return memory.horizon();
  }

  @Override
  public boolean trim(Duration age, long bytes, Instant now) {
    return memory.trim(age, bytes, now);
  }

  @Override
  public void close() {
    memory.close();
  }
}
