package selvedge.server.api.shared;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.function.Function;
import selvedge.engine.namespace.Completion;
import selvedge.model.AccountId;
import selvedge.model.Bytes;
import selvedge.model.Condition;
import selvedge.model.Key;
import selvedge.model.Limit;
import selvedge.model.Limits;
import selvedge.model.Mutation;
import selvedge.model.NamespaceId;
import selvedge.model.Outcome;
import selvedge.model.WriteOptions;
import selvedge.server.api.Reply;
import selvedge.server.api.Request;
import selvedge.server.api.Response;
import selvedge.server.quota.Allowance;
import selvedge.server.quota.Quota;

/**
 * Small changes for which no thread waits: they are queued, and answered once they are durable.
 * Safe for use by many threads; nothing here blocks where others are served.
 */
public final class QueuedWrites {
  private final Submit submit;
  private final QuotaCharge spending;
  private final InstantSource clock;
  private final long valueBytesMax;

  public QueuedWrites(Submit submit, Allowance allowance, Limits limits, InstantSource clock) {
    this.submit = submit;
    this.spending = new QuotaCharge(allowance);
    this.clock = clock;
    this.valueBytesMax = Math.min(limits.get(Limit.INLINE_BYTES), limits.get(Limit.VALUE_BYTES));
  }

  /**
   * How a face speaks of a change.
   *
   * @param perform runs the action, and words what it throws
   */
  public record Wording(
      Function<QuotaCharge.Action, Response> perform, Function<Outcome, Response> answer) {}

  /** Whether it is a delete, or a put whose body, all of which has arrived, is a small value. */
  public boolean takes(Request request) {
    return switch (request.method()) {
      case "DELETE" -> true;
      case "PUT" -> request.contentLength().orElse(Long.MAX_VALUE) <= valueBytesMax;
      default -> false;
    };
  }

  /** Queues a put of the body, or throws what refuses it, and then nothing has happened. */
  public void put(
      AccountId account,
      NamespaceId namespace,
      Key key,
      WriteOptions how,
      Request request,
      Wording wording,
      Reply reply) {
    QuotaCharge.Payment payment = spending.pay(account, Quota.WRITES);
    try {
      spending.admitWrite(account, namespace, key, request);
    } catch (RuntimeException e) {
      spending.giveBack(payment);
      throw e;
    }
    Completion<Outcome> ending = ending(payment, request, wording, reply);
    try {
      int length = Math.toIntExact(request.contentLength().orElseThrow());
      Bytes value = Bytes.adopt(request.body().readNBytes(length));
      var mutation = new Mutation.Put(key, value, how.metadata(), how.expiryFrom(clock.instant()));
      submit.change(namespace, mutation, how.condition(), ending);
    } catch (IOException e) {
      ending.failed(new UncheckedIOException(e));
    }
  }

  /** Queues a delete, or throws what refuses it, and then nothing has happened. */
  public void delete(
      AccountId account,
      NamespaceId namespace,
      Key key,
      Condition condition,
      Request request,
      Wording wording,
      Reply reply) {
    QuotaCharge.Payment payment = spending.pay(account, Quota.DELETES);
    submit.change(
        namespace, new Mutation.Delete(key), condition, ending(payment, request, wording, reply));
  }

  private Completion<Outcome> ending(
      QuotaCharge.Payment payment, Request request, Wording wording, Reply reply) {
    boolean alone = request.isAlone();
    return new Completion<>() {
      @Override
      public void completed(Outcome outcome) {
        end(() -> wording.answer().apply(outcome));
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
        return alone;
      }

      private void end(QuotaCharge.Action action) {
        reply.answer(() -> wording.perform().apply(() -> spending.settle(payment, action)));
      }
    };
  }
}
