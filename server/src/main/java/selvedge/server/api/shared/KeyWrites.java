package selvedge.server.api.shared;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.function.Function;
import selvedge.engine.namespace.Completion;
import selvedge.model.AccountId;
import selvedge.model.Bytes;
import selvedge.model.Key;
import selvedge.model.Limit;
import selvedge.model.LimitExceededException;
import selvedge.model.Limits;
import selvedge.model.Mutation;
import selvedge.model.Namespace;
import selvedge.model.NamespaceId;
import selvedge.model.Namespaces;
import selvedge.model.Outcome;
import selvedge.model.WriteOptions;
import selvedge.server.api.Reply;
import selvedge.server.api.Request;
import selvedge.server.api.Response;
import selvedge.server.quota.Quota;

/**
 * Puts and deletes of one key, for all protocols. Safe for use by many threads.
 *
 * <p>A delete and the put of a small value are submitted and answered once they are durable; the
 * calling thread waits only where the reply or the request allows it. A larger value is written to
 * disk while it arrives, on the calling thread.
 */
public final class KeyWrites {
  private final Namespaces namespaces;
  private final Submit submit;
  private final QuotaCharge charge;
  private final InstantSource clock;
  private final long valueBytesMax;
  private final long submittedBytesMax;

  public KeyWrites(ProtocolContext context) {
    Limits limits = context.limits();
    this.namespaces = context.namespaces();
    this.submit = context.submit();
    this.charge = new QuotaCharge(context.allowance());
    this.clock = context.clock();
    this.valueBytesMax = limits.get(Limit.VALUE_BYTES);
    this.submittedBytesMax = Math.min(limits.get(Limit.INLINE_BYTES), valueBytesMax);
  }

  /** A change of one key that the sender of the request may make. */
  public record Write(
      Request request, AccountId account, NamespaceId namespace, Key key, WriteOptions options) {}

  /** How a protocol answers a write. */
  public record Wording(ErrorResponses errors, Function<Outcome, Response> outcome) {}

  /** Puts a value that is made from the body of a request. */
  public interface Storing {
    Outcome store(Request request, Namespace namespace) throws IOException;
  }

  /** Returns whether the request is a change that can be submitted, so that no thread waits. */
  public boolean canSubmit(Request request) {
    return switch (request.method()) {
      case "DELETE" -> true;
      case "PUT" -> request.contentLength().orElse(Long.MAX_VALUE) <= submittedBytesMax;
      default -> false;
    };
  }

  /**
   * Puts the body of the request under the key.
   *
   * @throws selvedge.model.SelvedgeException if the write is refused before anything has happened;
   *     the reply is not used then
   */
  public void put(Write write, Wording wording, Reply reply) {
    if (canSubmit(write.request())) {
      submitPut(write, wording, reply);
    } else {
      stream(
          write,
          (request, namespace) ->
              namespace.put(
                  write.key(), MeasuredStream.bodyOf(request, valueBytesMax), write.options()),
          wording,
          reply);
    }
  }

  private void submitPut(Write write, Wording wording, Reply reply) {
    QuotaCharge.Payment payment = charge.pay(write.account(), Quota.WRITES);
    admit(write, payment);
    Completion<Outcome> completion = completion(write, payment, wording, reply);
    try {
      int length = Math.toIntExact(write.request().contentLength().orElseThrow());
      Bytes value = Bytes.adopt(write.request().body().readNBytes(length));
      WriteOptions options = write.options();
      var mutation =
          new Mutation.Put(
              write.key(), value, options.metadata(), options.expiryFrom(clock.instant()));
      submit.change(write.namespace(), mutation, options.condition(), completion);
    } catch (IOException e) {
      completion.failed(new UncheckedIOException(e));
    }
  }

  /**
   * Puts a value that may be large and is not, or not only, the body of the request.
   *
   * @throws selvedge.model.SelvedgeException as {@link #put} does
   */
  public void stream(Write write, Storing storing, Wording wording, Reply reply) {
    QuotaCharge.Payment payment = charge.pay(write.account(), Quota.WRITES);
    Request request = admit(write, payment);
    Response response =
        wording
            .errors()
            .answer(
                () ->
                    charge.settle(
                        payment, () -> wording.outcome().apply(stored(request, write, storing))));
    reply.answer(() -> response);
  }

  /** Refuses a value that turns out to be too long with its length and the limit. */
  private Outcome stored(Request request, Write write, Storing storing) throws IOException {
    try {
      return storing.store(request, namespaces.open(write.namespace()));
    } catch (TooLongException e) {
      throw tooLong(e);
    } catch (UncheckedIOException e) {
      if (e.getCause() instanceof TooLongException cause) {
        throw tooLong(cause);
      }
      throw e;
    }
  }

  private LimitExceededException tooLong(TooLongException failure) {
    return new LimitExceededException(
        "Value length of %d exceeds limit of %d.".formatted(failure.length(), valueBytesMax));
  }

  /** Returns the request that the body is read from. */
  private Request admit(Write write, QuotaCharge.Payment payment) {
    try {
      return charge.admitWrite(write.account(), write.namespace(), write.key(), write.request());
    } catch (RuntimeException e) {
      charge.giveBack(payment);
      throw e;
    }
  }

  /**
   * Deletes the key.
   *
   * @throws selvedge.model.SelvedgeException as {@link #put} does
   */
  public void delete(Write write, Wording wording, Reply reply) {
    QuotaCharge.Payment payment = charge.pay(write.account(), Quota.DELETES);
    submit.change(
        write.namespace(),
        new Mutation.Delete(write.key()),
        write.options().condition(),
        completion(write, payment, wording, reply));
  }

  private Completion<Outcome> completion(
      Write write, QuotaCharge.Payment payment, Wording wording, Reply reply) {
    boolean mayWait = reply.mayWait() || write.request().isAlone();
    return new Completion<>() {
      @Override
      public void completed(Outcome outcome) {
        end(() -> wording.outcome().apply(outcome));
      }

      @Override
      public void failed(RuntimeException failure) {
        end(
            () -> {
              throw failure;
            });
      }

      @Override
      public boolean mayWait() {
        return mayWait;
      }

      private void end(ErrorResponses.Action action) {
        reply.answer(() -> wording.errors().answer(() -> charge.settle(payment, action)));
      }
    };
  }
}
