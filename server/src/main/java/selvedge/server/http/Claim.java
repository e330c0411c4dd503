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
import selvedge.server.share.Lease;
import selvedge.server.share.Owner;

/**
 * What one request takes of what all requests share, and for whom. Belongs to the thread that
 * answers the request.
 */
final class Claim implements Memory {
  private final ServerContext shared;
  private final Request request;
  private final Channel channel;
  private final Lease memory;
  private @Nullable RequestOwner standing;
  private @Nullable Owner owner;
  private Place place = Place.NONE;

  /** Which kind of place among the requests at work it has. */
  private enum Place {
    NONE,
    SHARED,
    OPERATORS
  }

  Claim(ServerContext shared, Request request, Channel channel) {
    this.shared = shared;
    this.request = request;
    this.channel = channel;
    this.memory = new Lease(shared.memory(), this::owner);
  }

  boolean isAdmitted() {
    return standing().admitted();
  }

  private RequestOwner standing() {
    RequestOwner known = standing;
    if (known == null) {
      known = shared.api().standing(request);
      standing = known;
    }
    return known;
  }

  Owner owner() {
    Owner known = owner;
    if (known == null) {
      String token = standing().tokenId();
      known = token.isEmpty() ? Owner.address(address(channel)) : Owner.token(token);
      owner = known;
    }
    return known;
  }

  /** A stream of HTTP/2 has the address of its connection. */
  static SocketAddress address(Channel channel) {
    Channel parent = channel.parent();
    SocketAddress own = channel.remoteAddress();
    return own == null && parent != null ? address(parent) : own;
  }

  /** Takes a place among the requests at work where places are scarce. */
  boolean enter() {
    if (shared.enter(owner())) {
      place = Place.SHARED;
    } else if (standing().operator() && shared.enterAsOperator()) {
      place = Place.OPERATORS;
    }
    return place != Place.NONE;
  }

  void leave() {
    Place given = place;
    place = Place.NONE;
    switch (given) {
      case SHARED -> shared.leave(owner());
      case OPERATORS -> shared.leaveAsOperator();
      case NONE -> {}
    }
  }

  /** The pieces of an answer that has no end. */
  Outbound.Pieces pieces() {
    return new Outbound.CountedAlone(
        shared.memory(), owner(), shared.limits().seconds(Limit.BODY_HEAP_WAIT_SECONDS));
  }

  @Override
  public boolean tryHold(long bytes) {
    return memory.tryHold(bytes);
  }

  @Override
  public void hold(long bytes) {
    long most = shared.memory().most();
    if (bytes > most) {
      throw new LimitExceededException(
          "the request needs "
              + bytes
              + " bytes of memory, and one request may take "
              + most
              + ": send less at once, or give the server more heap or more of it by the limit "
              + Limit.BODY_HEAP_PERCENT.id());
    }
    Duration patience = shared.limits().seconds(Limit.BODY_HEAP_WAIT_SECONDS);
    if (!memory.hold(bytes, patience)) {
      throw new OverloadedException(
          "the memory for bodies is in use: " + bytes + " bytes were not free within " + patience);
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
