package selvedge.server.http;

import io.netty.channel.Channel;
import java.net.SocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import selvedge.model.Limit;
import selvedge.model.LimitExceededException;
import selvedge.model.OverloadedException;
import selvedge.server.api.Memory;
import selvedge.server.api.Request;
import selvedge.server.api.RequestOwner;
import selvedge.server.fairness.Owner;
import selvedge.server.fairness.Reservation;

/**
 * The memory and the in-flight place that one request holds, and the owner that they are counted
 * for. Belongs to the thread that answers the request.
 */
final class Claim implements Memory {
  private final ServerContext shared;
  private final Request request;
  private final Channel channel;
  private final Reservation memory;
  private @Nullable RequestOwner standing;
  private @Nullable Owner owner;
  private Place place = Place.NONE;

  /** The pool of the in-flight place of this request. */
  private enum Place {
    NONE,
    SHARED,
    OPERATORS
  }

  Claim(ServerContext shared, Request request, Channel channel) {
    this.shared = shared;
    this.request = request;
    this.channel = channel;
    this.memory = new Reservation(shared.memory(), this::owner);
  }

  boolean isAdmitted() {
    return standing().admitted();
  }

  private RequestOwner standing() {
    RequestOwner current = standing;
    if (current == null) {
      current = shared.api().ownerOf(request);
      standing = current;
    }
    return current;
  }

  Owner owner() {
    Owner current = owner;
    if (current == null) {
      String token = standing().tokenId();
      current = token.isEmpty() ? Owner.address(address(channel)) : Owner.token(token);
      owner = current;
    }
    return current;
  }

  /** Returns the address of the client. A stream of HTTP/2 has the address of its connection. */
  static SocketAddress address(Channel channel) {
    Channel parent = channel.parent();
    SocketAddress own = channel.remoteAddress();
    return own == null && parent != null ? address(parent) : own;
  }

  /** Takes a place for a request in flight when half of them are taken; false if none is free. */
  boolean takePlace() {
    if (shared.takePlace(owner())) {
      place = Place.SHARED;
    } else if (standing().operator() && shared.takeOperatorPlace()) {
      place = Place.OPERATORS;
    }
    return place != Place.NONE;
  }

  void releasePlace() {
    Place released = place;
    place = Place.NONE;
    switch (released) {
      case SHARED -> shared.releasePlace(owner());
      case OPERATORS -> shared.releaseOperatorPlace();
      case NONE -> {}
    }
  }

  /** Returns the memory of the pieces of an endless response, counted one by one. */
  OutboundBody.Pieces pieces() {
    return new OutboundBody.LeasedPieces(
        shared.memory(), owner(), shared.limits().seconds(Limit.BODY_HEAP_WAIT_SECONDS));
  }

  @Override
  public boolean tryHold(long bytes) {
    return memory.tryHold(bytes);
  }

  @Override
  public void hold(long bytes) {
    long max = shared.memory().ownerMax();
    if (bytes > max) {
      throw new LimitExceededException(
          "one request may hold at max "
              + max
              + " bytes of memory, and this one needs "
              + bytes
              + ": send a smaller request, or raise the heap of the server or its limit "
              + Limit.BODY_HEAP_PERCENT.id());
    }
    Duration timeout = shared.limits().seconds(Limit.BODY_HEAP_WAIT_SECONDS);
    if (!memory.hold(bytes, timeout)) {
      throw new OverloadedException(
          "no memory for the body: "
              + bytes
              + " bytes did not become free within "
              + timeout.toSeconds()
              + " s; try again later");
    }
  }

  @Override
  public void shrink(long bytes) {
    memory.shrink(bytes);
  }

  void release() {
    memory.close();
  }
}
