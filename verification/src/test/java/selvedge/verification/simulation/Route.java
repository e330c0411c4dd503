package selvedge.verification.simulation;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import selvedge.engine.replication.Descent;
import selvedge.engine.replication.Position;
import selvedge.engine.replication.Source;
import selvedge.model.Key;
import selvedge.model.NamespaceId;
import selvedge.model.Version;

/** The network between an edge and what it follows: slow, cut, or neither. */
final class Route implements Source {
  private static final Duration TIMEOUT = Duration.ofSeconds(3);

  private final World world;
  private final Machine target;
  private final Fault fault;
  private Duration slowness = Duration.ZERO;
  private boolean cut;
  private @Nullable Line line;

  /**
   * @param fault what is planted, on the way too
   */
  Route(World world, Machine target, Fault fault) {
    this.world = world;
    this.target = target;
    this.fault = fault;
  }

  /** How long something takes to arrive that is sent now. */
  Duration delay() {
    return world.between(500, 40_000).plus(slowness);
  }

  void slow(Duration by) {
    slowness = by;
  }

  /** Breaks what is open; who is at its end hears of that later. */
  void cut(boolean now) {
    cut = now;
    if (now) {
      disconnect();
    }
  }

  void disconnect() {
    if (line != null) {
      line.cut(world.between(0, 2_000_000));
    }
  }

  boolean isOpen() {
    return !cut && target.isUp();
  }

  /** Whether a follower would not wait: it may connect, read, or hear that the line is dead. */
  boolean isReady() {
    return line == null || line.isReadable();
  }

  @Override
  public InputStream feed(Descent after) throws IOException {
    line = null;
    requireOpen();
    line = new Line(world, this, target, after.latest(), fault);
    target.serves(line);
    return line;
  }

  @Override
  public Descent descent() throws IOException {
    requireOpen();
    return target.keeper().descent();
  }

  @Override
  public InputStream snapshot() throws IOException {
    throw new IOException("nobody asks for a snapshot here");
  }

  @Override
  public InputStream snapshotBehind(NamespaceId namespace, Key key) throws IOException {
    throw new IOException("nobody asks for a snapshot here");
  }

  @Override
  public Reading read(NamespaceId namespace, List<Key> keys, Version least) throws IOException {
    throw new IOException("nothing is cached here");
  }

  private void requireOpen() throws IOException {
    if (!isOpen()) {
      throw new IOException(target + " cannot be reached");
    }
  }

  /** An answer on its way. */
  private static final class Call {
    private @Nullable Position position;
    private boolean ended;
  }

  /** The world goes on until the answer is there, or until it does not come. */
  @Override
  public Position position() throws IOException {
    requireOpen();
    var call = new Call();
    Duration back = delay();
    world.after(delay(), () -> arrive(call, back));
    world.run(world.now() + TIMEOUT.toNanos(), () -> call.ended);
    Position position = call.position;
    if (position == null) {
      throw new IOException("no answer");
    }
    return position;
  }

  private void arrive(Call call, Duration back) {
    if (!isOpen() || !target.isRunning()) {
      return;
    }
    Optional<Position> asked = target.position();
    world.after(
        back,
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
}
