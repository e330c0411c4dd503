package selvedge.verification.simulation;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import selvedge.engine.feed.FeedRead;
import selvedge.engine.replication.Source;
import selvedge.engine.store.ValueGoneException;
import selvedge.model.Change;
import selvedge.model.Mutation;
import selvedge.model.Version;
import selvedge.model.wire.Message;
import selvedge.model.wire.MessageWriter;

/**
 * A connection that carries a feed, in whole messages and in their order, except that the last one
 * may be cut off.
 */
final class Line extends InputStream {
  private static final int PAGE = 8;
  private static final long HEARTBEAT_NANOS = 1_000_000_000;

  private final World world;
  private final Route route;
  private final Machine sender;
  private final long process;
  private final Fault fault;
  private final long opening;
  private Source.ReceivedPart begun;
  private Version after;
  private int left;
  private byte[] arrived = new byte[0];
  private int read;
  private int end;
  private long lastArrival;
  private boolean ended;
  private boolean dead;

  Line(
      World world,
      Route route,
      Machine sender,
      Version after,
      long opening,
      Source.ReceivedPart begun,
      Fault fault) {
    this.world = world;
    this.route = route;
    this.sender = sender;
    this.process = sender.process();
    this.after = after;
    this.opening = opening;
    this.begun = begun;
    this.fault = fault;
    this.left = route.reach();
    send(List.of(new Message.Hello(sender.descent().epoch(), after)));
    world.after(world.between(100, 5000), "sends", sender, this::pump);
  }

  @Override
  public String toString() {
    return route.toString();
  }

  /** Sends what the sender has, a page at a time. */
  private void pump() {
    if (ended) {
      return;
    }
    if (sender.process() != process || !sender.isUp()) {
      cut(world.between(0, 2_000_000));
      return;
    }
    if (sender.isRunning() && !sendPage()) {
      return;
    }
    world.after(world.between(1000, 20_000), "sends", sender, this::pump);
  }

  private boolean sendPage() {
    if (sender.rocks().latest().equals(after)) {
      if (world.now() - lastArrival > HEARTBEAT_NANOS) {
        send(List.of(new Message.Heartbeat(after, sender.instant())));
      }
      return true;
    }
    if (!(sender.read(after, PAGE) instanceof FeedRead.Changes(var all))) {
      send(List.of(new Message.End(0, "trimmed")));
      cut(world.between(40_000, 100_000));
      return false;
    }
    List<Change> page = fault == Fault.CHANGE_LEFT_OUT ? leaveOut(all) : all;
    if (fault == Fault.CHANGES_SWAPPED && page.size() > 1 && world.chance(0.1)) {
      page = swapped(page);
    }
    if (!all.isEmpty()) {
      after = all.getLast().version();
      route.sends(sender.descent(), all);
      send(page.stream().<Message>map(Message.Changed::new).toList());
    }
    return true;
  }

  private List<Change> leaveOut(List<Change> page) {
    List<Change> rest = new ArrayList<>(page);
    rest.removeIf(_ -> world.chance(0.02));
    return rest;
  }

  /** Returns changes whose versions are in order, but the first two have each other's mutation. */
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
    if (messages.isEmpty()) {
      return;
    }
    var bytes = new ByteArrayOutputStream();
    var writer = new MessageWriter(bytes);
    boolean breaks = false;
    try {
      for (Message message : messages) {
        if (message instanceof Message.Changed(Change change)
            && change.mutation() instanceof Mutation.Put put) {
          Route.announce(writer, begun, sender.descent(), opening, change.version(), put.value());
        }
        writer.write(message);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (ValueGoneException _) {
      breaks = true;
    }
    if (messages.getLast() instanceof Message.Changed) {
      begun = Source.ReceivedPart.NOTHING;
    }
    byte[] packet = bytes.toByteArray();
    int length = Math.min(packet.length, left);
    breaks |= packet.length >= left;
    left -= length;
    lastArrival = Math.max(lastArrival, world.now() + route.delay().toNanos());
    boolean last = breaks;
    world.after(
        Duration.ofNanos(lastArrival - world.now()),
        "receives",
        this,
        () -> arrive(packet, length, last));
  }

  private void arrive(byte[] packet, int length, boolean last) {
    if (!ended) {
      if (available() == 0) {
        arrived = packet;
        end = length;
      } else {
        byte[] unread = Arrays.copyOfRange(arrived, read, end + length);
        System.arraycopy(packet, 0, unread, available(), length);
        end = available() + length;
        arrived = unread;
      }
      read = 0;
      if (last) {
        ended = true;
        dead = true;
      }
      route.wake();
    }
  }

  /** Nothing arrives any more. The reader notices it after a while. */
  void cut(Duration notice) {
    ended = true;
    world.after(
        notice,
        "breaks",
        this,
        () -> {
          dead = true;
          route.wake();
        });
  }

  boolean isReadable() {
    return dead || available() > 0;
  }

  @Override
  public int available() {
    return end - read;
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
    System.arraycopy(arrived, read, target, offset, count);
    read += count;
    return count;
  }

  @Override
  public void close() {
    ended = true;
    dead = true;
  }
}
