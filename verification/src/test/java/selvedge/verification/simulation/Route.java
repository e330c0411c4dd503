package selvedge.verification.simulation;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import selvedge.engine.feed.FeedRead;
import selvedge.engine.origin.Origin;
import selvedge.engine.replication.Descent;
import selvedge.engine.replication.ForeignException;
import selvedge.engine.replication.GoneException;
import selvedge.engine.replication.Lineage;
import selvedge.engine.replication.Openings;
import selvedge.engine.replication.Position;
import selvedge.engine.replication.Relation;
import selvedge.engine.replication.Source;
import selvedge.engine.store.Snapshot;
import selvedge.model.Bytes;
import selvedge.model.Change;
import selvedge.model.Entry;
import selvedge.model.Key;
import selvedge.model.Limit;
import selvedge.model.Mutation;
import selvedge.model.NamespaceId;
import selvedge.model.Value;
import selvedge.model.Version;
import selvedge.model.wire.Message;
import selvedge.model.wire.MessageWriter;
import selvedge.model.wire.Omitted;

/** The network between an edge and the machine that it follows: slow, cut, or neither. */
final class Route implements Source {
  private static final Duration TIMEOUT = Duration.ofSeconds(3);

  private final World world;
  private final Machine owner;
  private final Fault fault;
  private Duration slowness = Duration.ZERO;
  private boolean cut;
  private boolean reading;
  private boolean passing;
  private @Nullable Line line;
  private Runnable wake = () -> {};

  /** How many bytes a line carries before it breaks. */
  private int reach = Integer.MAX_VALUE;

  Route(World world, Machine owner, Fault fault) {
    this.world = world;
    this.owner = owner;
    this.fault = fault;
  }

  @Override
  public String toString() {
    return owner + "<";
  }

  /** Returns how long a packet is on its way that is sent now. */
  Duration delay() {
    return world.between(500, 40_000).plus(slowness);
  }

  void slow(Duration by) {
    slowness = by;
  }

  /** Breaks what is open. The reader notices it later. */
  void cut(boolean now) {
    cut = now;
    if (now) {
      disconnect();
    }
  }

  /** Makes every line break after that many bytes. */
  void limit(int bytes) {
    reach = bytes;
  }

  int reach() {
    return reach;
  }

  /** Runs an action whenever the reader need not wait any more. */
  void onReady(Runnable action) {
    wake = action;
  }

  void wake() {
    wake.run();
  }

  void disconnect() {
    if (line != null) {
      line.cut(world.between(0, 2_000_000));
    }
  }

  boolean isOpen() {
    return !cut && owner.isEdge() && owner.followed().isUp();
  }

  /** Records who sends changes. */
  void sends(Descent from, List<Change> changes) {
    for (Change change : changes) {
      switch (change.mutation()) {
        case Mutation.Put put -> owner.arrived(put.key(), change.version(), from);
        case Mutation.Delete(Key key) -> owner.arrived(key, change.version(), from);
        case Mutation.Clear _ -> {}
      }
    }
  }

  /** Returns whether a follower would not wait: it may connect, read, or notice the break. */
  boolean isReady() {
    return line == null || line.isReadable();
  }

  private Machine reached() throws IOException {
    if (!isOpen() || !owner.followed().isRunning()) {
      throw new IOException("the other machine cannot be reached");
    }
    return owner.followed();
  }

  @Override
  public InputStream feed(Descent after) throws IOException {
    return feed(after, ReceivedPart.NOTHING);
  }

  /** Decides as the server does whether the store may go on from there. */
  @Override
  public InputStream feed(Descent after, ReceivedPart begun) throws IOException {
    line = null;
    Machine target = reached();
    requireContained(target, after);
    if (target.read(after.latest(), 1) instanceof FeedRead.Trimmed(Version horizon)) {
      if (fault == Fault.DAMAGED_FEED_FAILS && horizon.compareTo(target.rocks().horizon()) > 0) {
        throw new IOException("damaged");
      }
      throw new GoneException("trimmed");
    }
    ReceivedPart resumed = fault == Fault.VALUES_NOT_RESUMED ? ReceivedPart.NOTHING : begun;
    long opening = after.openings().newest();
    line = new Line(world, this, target, after.latest(), opening, resumed, fault);
    return line;
  }

  /** Requires that the other machine has all changes of a store. */
  private void requireContained(Machine target, Descent after) throws IOException {
    Descent here = target.descent();
    if (!here.knows(after.epoch())) {
      if (fault == Fault.FOREIGN_TAKEN) {
        throw new GoneException("another cluster");
      }
      throw here.cluster().equals(after.cluster())
          ? new GoneException("another lineage")
          : new ForeignException("another cluster");
    }
    var replica = new Descent(after.epoch(), after.latest(), Lineage.NONE, after.openings());
    Relation relation = Relation.within(replica, here);
    if (!(relation instanceof Relation.Contained)) {
      refuse(target, relation, replica, here);
    }
  }

  /**
   * An origin that lacks what a replica of its epoch has goes on under a new epoch; an edge passes
   * on that it lacks it.
   */
  private void refuse(Machine target, Relation relation, Descent replica, Descent here)
      throws IOException {
    boolean passed = target.isEdge() && fault != Fault.CLAIM_NOT_PASSED_ON;
    if (passed && replica.epoch() == here.epoch()) {
      target.passOn(replica);
    }
    boolean[] claimed = {false};
    if (target.role() instanceof Origin origin && replica.epoch() == here.epoch()) {
      Version agreed = Relation.agreed(replica, here);
      target.run(
          () -> {
            if (origin.beginLineage(agreed, replica.latest()) == Origin.Claim.IMPOSSIBLE) {
              throw new Violation("a true claim of version " + replica.latest() + " is refused");
            }
            claimed[0] = true;
            target.leftCopy();
          });
      if (!claimed[0]) {
        throw new IOException("no new lineage");
      }
    }
    if (relation instanceof Relation.Behind && !claimed[0] && fault != Fault.BEHIND_TAKEN) {
      throw new IOException("behind");
    }
    throw new GoneException("lineage changed");
  }

  /** Asks for the changes after those of a follower, as it would ask itself. */
  void passOn(Descent replica) {
    if (passing) {
      return;
    }
    passing = true;
    try {
      requireContained(reached(), replica);
    } catch (IOException e) {
      world.note(owner, "passes on that a follower has more: " + e.getMessage());
    } finally {
      passing = false;
    }
  }

  @Override
  public Descent descent() throws IOException {
    Descent there = reached().descent();
    if (fault == Fault.BEHIND_TAKEN && owner.isAheadOf(there)) {
      return owner.next();
    }
    boolean forged = fault == Fault.FOREIGN_TAKEN && owner.isForeign(there);
    return forged ? owner.heirOf(there) : there;
  }

  @Override
  public InputStream snapshot() throws IOException {
    return snapshot(ReceivedPart.NOTHING, Optional.empty());
  }

  @Override
  public InputStream snapshotBehind(NamespaceId namespace, Key key) throws IOException {
    return snapshotBehind(namespace, key, ReceivedPart.NOTHING);
  }

  @Override
  public InputStream snapshotBehind(NamespaceId namespace, Key key, ReceivedPart begun)
      throws IOException {
    return snapshot(begun, Optional.of(new Placed(namespace, key)));
  }

  private record Placed(NamespaceId namespace, Key key) {}

  /** A snapshot comes at once, after a while, and breaks off where the line does. */
  private InputStream snapshot(ReceivedPart begun, Optional<Placed> behind) throws IOException {
    Machine target = reached();
    if (fault != Fault.FOREIGN_TAKEN && owner.isForeign(target.descent())) {
      throw new ForeignException("another cluster");
    }
    var bytes = new ByteArrayOutputStream();
    try (Snapshot snapshot = target.snapshot()) {
      behind.ifPresent(placed -> snapshot.continueBehind(placed.namespace(), placed.key()));
      write(bytes, snapshot, target.descent(), begun);
    }
    byte[] whole = bytes.toByteArray();
    int broken = world.chance(0.2) ? world.oneOf(whole.length + 1) : whole.length;
    int length = Math.min(broken, reach);
    pass(delay().plus(delay()));
    reached();
    return new ByteArrayInputStream(whole, 0, Math.min(length, whole.length));
  }

  private void write(
      ByteArrayOutputStream bytes, Snapshot snapshot, Descent here, ReceivedPart begun)
      throws IOException {
    var writer = new MessageWriter(bytes);
    writer.write(new Message.Hello(here.epoch(), snapshot.version()));
    long count = 0;
    for (Optional<Snapshot.Placed> next = snapshot.next();
        next.isPresent();
        next = snapshot.next()) {
      if (owner.selection().cached().contains(next.get().namespace())) {
        continue;
      }
      announce(writer, begun, here, 0, next.get().entry().version(), next.get().entry().value());
      writer.write(new Message.Placed(next.get().namespace(), next.get().entry()));
      count++;
    }
    writer.write(new Message.End(count, ""));
  }

  /** Announces the rest of a value of which the reader has the beginning. */
  static void announce(
      MessageWriter writer,
      ReceivedPart begun,
      Descent here,
      long opening,
      Version version,
      Value value)
      throws IOException {
    if (here.has(begun.epoch(), opening, version)
        && begun.version().equals(version)
        && !(value instanceof Bytes)
        && value.length() > MessageWriter.INLINE_BYTES
        && begun.bytes() > 0
        && begun.bytes() < value.length()) {
      writer.rest(version, begun.bytes());
    }
  }

  @Override
  public Reading read(NamespaceId namespace, List<Key> keys, Least least) throws IOException {
    reading = true;
    try {
      pass(delay());
      Machine target = reached();
      Descent here = target.descent();
      boolean known =
          switch (fault) {
            case CACHED_READ_OF_ANY_LINEAGE -> here.latest().compareTo(least.version()) >= 0;
            case CACHED_READ_OF_ANY_OPENING -> here.has(least.epoch(), least.version());
            default -> here.has(least.epoch(), least.opening(), least.version());
          };
      if (!known) {
        throw new IOException("lacks changes of the edge");
      }
      Optional<Duration> age = target.age();
      byte[] answer = entries(target, here, namespace, keys);
      pass(delay());
      reached();
      keys.forEach(key -> owner.arrived(key, here.latest(), here));
      return new Reading(new ByteArrayInputStream(answer), age, opening(here));
    } finally {
      reading = false;
    }
  }

  /** A server of an earlier version names no opening. */
  private long opening(Descent here) {
    return fault == Fault.CACHED_READ_OF_ANY_OPENING ? 0 : here.openings().newest();
  }

  private byte[] entries(Machine target, Descent here, NamespaceId namespace, List<Key> keys)
      throws IOException {
    var bytes = new ByteArrayOutputStream();
    var writer = new MessageWriter(bytes);
    writer.write(new Message.Hello(here.epoch(), here.latest()));
    long count = 0;
    for (Key key : keys) {
      Optional<Entry> entry = target.serving().open(namespace).get(key).find();
      boolean expired = entry.isEmpty();
      if (expired && fault != Fault.CACHED_BY_CLOCK_OF_SOURCE) {
        entry = target.rocks().get(namespace, key).find();
      }
      if (entry.isPresent()) {
        boolean whole =
            !expired && entry.get().value().length() <= Machine.LIMITS.get(Limit.INLINE_BYTES);
        writer.write(
            new Message.Placed(namespace, whole ? entry.get() : Omitted.outline(entry.get())));
        count++;
      }
    }
    writer.write(new Message.End(count, ""));
    return bytes.toByteArray();
  }

  /** Returns whether the edge waits for entries of a cached namespace. */
  boolean isReading() {
    return reading;
  }

  /** Lets time pass while the caller waits, and the rest of the world goes on. */
  private void pass(Duration time) {
    long until = world.now() + time.toNanos();
    world.run(until, () -> false);
  }

  /** An answer on its way. */
  private static final class Call {
    private @Nullable Position position;
    private boolean ended;
  }

  @Override
  public Optional<Instant> trustedAt() throws IOException {
    return Optional.of(reached().serving().clockCheck().trustedAt());
  }

  @Override
  public Position position() throws IOException {
    Machine target = reached();
    var call = new Call();
    Duration back = delay();
    world.after(delay(), "is asked for its position", target, () -> arrive(call, target, back));
    world.run(world.now() + TIMEOUT.toNanos(), () -> call.ended);
    Position position = call.position;
    if (position == null) {
      throw new IOException("no answer");
    }
    return position;
  }

  private void arrive(Call call, Machine target, Duration back) {
    if (cut || !target.isRunning()) {
      return;
    }
    Optional<Position> asked = target.position();
    world.after(
        back,
        "gets a position",
        owner,
        () -> {
          call.position = asked.map(each -> changed(each, back)).orElse(null);
          call.ended = true;
        });
  }

  /** As if the age counted from the arrival of the answer. */
  private Position changed(Position position, Duration back) {
    return fault == Fault.ANSWER_TAKEN_FOR_QUESTION
        ? new Position(
            position.epoch(),
            position.version(),
            position.age().minus(back),
            position.at(),
            position.opening())
        : position;
  }

  /** Returns the openings of a store and those of another one before them. */
  static Openings joined(Openings newer, Openings older) {
    Openings all = older;
    for (Openings.Opening each : newer.all().reversed()) {
      all = all.has(each.id()) ? all : all.with(each);
    }
    return all;
  }
}
