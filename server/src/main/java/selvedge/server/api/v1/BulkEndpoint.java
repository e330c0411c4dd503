package selvedge.server.api.v1;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import selvedge.model.InvalidRequestException;
import selvedge.model.Key;
import selvedge.model.Limit;
import selvedge.model.LimitExceededException;
import selvedge.model.Limits;
import selvedge.model.Mutation;
import selvedge.model.OverloadedException;
import selvedge.model.SelvedgeException;
import selvedge.model.Version;
import selvedge.model.wire.MalformedFrameException;
import selvedge.model.wire.Message;
import selvedge.model.wire.MessageReader;
import selvedge.model.wire.UnknownFrameException;
import selvedge.server.api.Memory;
import selvedge.server.api.Response;
import selvedge.server.api.shared.MeasuredStream;
import selvedge.server.quota.Allowance;
import selvedge.server.quota.Quota;

/** {@code …/bulk}: writes all changes of a body in frames, or none. */
final class BulkEndpoint {
  /** Changes are held as they were read, as rows of the journal, and on their way to the tables. */
  private static final long COPIES = 3;

  /** The approximate memory of a change in addition to its bytes. */
  private static final long CHANGE_BYTES = 512;

  private static final String NO_END = "the changes must end with an end frame";

  private final Allowance allowance;
  private final Limits limits;

  BulkEndpoint(Allowance allowance, Limits limits) {
    this.allowance = allowance;
    this.limits = limits;
  }

  Response write(NamespaceRequest place) throws IOException {
    List<Mutation> mutations;
    Memory memory = place.request().memory();
    try (InputStream body = MeasuredStream.bodyOf(place.request(), limits.get(Limit.BULK_BYTES))) {
      place.request().contentLength().ifPresent(length -> memory.hold(COPIES * length));
      mutations = read(new BufferedInputStream(body), memory);
    }
    spend(place, mutations);
    Version version = place.namespace().write(mutations);
    return V1Api.changed(version, _ -> {});
  }

  private void spend(NamespaceRequest place, List<Mutation> mutations) {
    admit(place, mutations);
    long puts = mutations.stream().filter(Mutation.Put.class::isInstance).count();
    if (puts > 0) {
      allowance.spend(place.account(), Quota.WRITES, puts);
    }
    if (puts < mutations.size()) {
      allowance.spend(place.account(), Quota.DELETES, mutations.size() - puts);
    }
  }

  /** Admits each key once, even if it is put several times, because the changes are one write. */
  private void admit(NamespaceRequest place, List<Mutation> mutations) {
    Map<Key, Long> sizes = new LinkedHashMap<>();
    for (Mutation mutation : mutations) {
      if (mutation instanceof Mutation.Put put) {
        sizes.put(put.key(), put.value().length());
      }
    }
    sizes.forEach((key, bytes) -> allowance.admitWrite(place.account(), place.id(), key, bytes));
  }

  private List<Mutation> read(InputStream frames, Memory memory) throws IOException {
    var reader =
        new MessageReader(
            frames,
            (_, length, _) -> {
              throw new LimitExceededException(
                  "a value of " + length + " bytes is put by itself, not among others");
            });
    List<Mutation> mutations = new ArrayList<>();
    long bytes = 0;
    try {
      Message next = reader.next();
      for (Optional<Mutation> mutation = mutation(next);
          mutation.isPresent();
          mutation = mutation(next)) {
        mutations.add(mutation.get());
        bytes += bytes(mutation.get());
        requireRoom(memory, COPIES * bytes);
        if (mutations.size() > limits.get(Limit.BULK_PAIRS)) {
          throw new LimitExceededException(
              "more than " + limits.get(Limit.BULK_PAIRS) + " changes at once");
        }
        next = reader.next();
      }
      if (!(next instanceof Message.End)) {
        throw new InvalidRequestException(NO_END);
      }
    } catch (EOFException e) {
      throw new InvalidRequestException(NO_END);
    } catch (MalformedFrameException | UnknownFrameException e) {
      if (e.getCause() instanceof SelvedgeException refusal) {
        throw refusal;
      }
      throw new InvalidRequestException("the body must consist of valid frames: " + e.getMessage());
    }
    if (mutations.isEmpty()) {
      throw new InvalidRequestException("the body must contain at least one change");
    }
    return mutations;
  }

  /** Returns the change that a frame requests; empty for another frame. */
  private static Optional<Mutation> mutation(Message frame) {
    return switch (frame) {
      case Message.Changed(var change) -> Optional.of(change.mutation());
      case Message.Requested(var _, var put) -> Optional.of(put);
      case Message.Hello _, Message.Placed _, Message.Heartbeat _, Message.End _ ->
          Optional.empty();
    };
  }

  private static long bytes(Mutation mutation) {
    return CHANGE_BYTES
        + switch (mutation) {
          case Mutation.Put put ->
              put.key().bytes().length() + put.metadata().json().length() + put.value().length();
          case Mutation.Delete delete -> delete.key().bytes().length();
          case Mutation.Clear clear -> clear.prefix().length();
        };
  }

  /**
   * Refuses instead of waiting: a request that waits for more memory cannot release what it holds.
   */
  private static void requireRoom(Memory memory, long bytes) {
    if (!memory.tryHold(bytes)) {
      throw new OverloadedException("there is not memory enough for more than " + bytes + " bytes");
    }
  }
}
