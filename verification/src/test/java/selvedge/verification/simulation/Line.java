package selvedge.verification.simulation;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import selvedge.engine.feed.FeedRead;
import selvedge.model.Bytes;
import selvedge.model.Change;
import selvedge.model.Version;
import selvedge.model.wire.Message;
import selvedge.model.wire.MessageWriter;

/** One connection on which a feed comes, whole messages at a time and in their order. */
final class Line extends InputStream {
  private static final int PAGE = 8;

  private final World world;
  private final Route route;
  private final Machine sender;
  private final Fault fault;
  private Version after;
  private Bytes arrived = Bytes.EMPTY;
  private int read;
  private long lastArrival;
  private boolean ended;
  private boolean dead;

  Line(World world, Route route, Machine sender, Version after, Fault fault) {
    this.world = world;
    this.route = route;
    this.sender = sender;
    this.after = after;
    this.fault = fault;
    send(List.of(new Message.Hello(sender.disk.epoch(), after)));
    world.after(world.between(100, 5000), this::pump);
  }

  /** The sender's side: sends what there is, a page at a time. */
  private void pump() {
    if (ended) {
      return;
    }
    if (sender.isRunning() && sender.disk.read(after, PAGE) instanceof FeedRead.Changes(var all)) {
      List<Change> page = fault == Fault.CHANGE_LEFT_OUT ? leaveOut(all) : all;
      if (fault == Fault.CHANGES_SWAPPED && page.size() > 1 && world.chance(0.1)) {
        page = swapped(page);
      }
      if (all.isEmpty()) {
        send(List.of(new Message.Heartbeat(after, sender.instant())));
      } else {
        after = all.getLast().version();
        send(page.stream().<Message>map(Message.Changed::new).toList());
      }
    }
    world.after(world.between(200, 20_000), this::pump);
  }

  private List<Change> leaveOut(List<Change> page) {
    List<Change> rest = new ArrayList<>(page);
    rest.removeIf(_ -> world.chance(0.02));
    return rest;
  }

  /** The same versions in the same order, but the first two say what the other one should. */
  private static List<Change> swapped(List<Change> page) {
    List<Change> swapped = new ArrayList<>(page);
    Collections.swap(swapped, 0, 1);
    for (int i = 0; i < 2; i++) {
      Change change = swapped.get(i);
      swapped.set(
          i, new Change(page.get(i).version(), change.at(), change.namespace(), change.mutation()));
    }
    return swapped;
  }

  private void send(List<Message> messages) {
    var bytes = new ByteArrayOutputStream();
    var writer = new MessageWriter(bytes);
    try {
      for (Message message : messages) {
        writer.write(message);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    lastArrival = Math.max(lastArrival, world.now() + route.delay().toNanos());
    Bytes packet = Bytes.adopt(bytes.toByteArray());
    world.after(Duration.ofNanos(lastArrival - world.now()), () -> arrive(packet));
  }

  private void arrive(Bytes packet) {
    if (!ended) {
      arrived = arrived.slice(read, arrived.size() - read).plus(packet);
      read = 0;
    }
  }

  /** Nothing comes through any more; the reader is told after that time. */
  void cut(Duration notice) {
    ended = true;
    world.after(notice, () -> dead = true);
  }

  boolean isReadable() {
    return dead || available() > 0;
  }

  @Override
  public int available() {
    return arrived.size() - read;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    int count = Math.min(length, available());
    if (count == 0) {
      if (!dead) {
        throw new IllegalStateException("a step that would have to wait");
      }
      throw new IOException("the line is dead");
    }
    System.arraycopy(arrived.toArray(), read, target, offset, count);
    read += count;
    return count;
  }

  @Override
  public void close() {
    ended = true;
    dead = true;
  }
}
