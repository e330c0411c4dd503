package selvedge.verification.faults;

import static selvedge.verification.faults.Operation.ABSENT;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import selvedge.model.Bytes;
import selvedge.verification.process.Reply;
import selvedge.verification.process.RestClient;

/**
 * A client that makes random calls and records each call, its times and its response.
 *
 * <p>One thread runs it at a time.
 */
final class Witness {
  private static final int FAILED = 500;

  /** Statuses of calls that were not made. */
  private static final Set<Integer> REFUSED = Set.of(503, 507);

  private static final int LARGE_BYTES = 100_000;
  private static final String PADDING = ".".repeat(LARGE_BYTES);

  private final int number;
  private final SplittableRandom random;
  private final List<String> registers;
  private final List<String> counters;
  private final Map<String, Queue<Operation>> histories;
  private final Map<String, Read> lastReads = new HashMap<>();
  private int values;
  private String[] readHeaders = {};

  /** A value that was read, with its version for a condition. */
  private record Read(String value, long version) {}

  /**
   * An answer that says that nothing was done, or a request that was never sent. So the call must
   * not be in any order.
   */
  private static final class Refusal extends UncheckedIOException {
    Refusal(IOException cause) {
      super(cause);
    }
  }

  /** Converts a response to the step of an operation. */
  private interface StepReader {
    Operation.Step of(Reply reply);
  }

  /**
   * @param histories receives the operations by key
   */
  Witness(
      int number,
      SplittableRandom random,
      List<String> registers,
      List<String> counters,
      Map<String, Queue<Operation>> histories) {
    this.number = number;
    this.random = random;
    this.registers = registers;
    this.counters = counters;
    this.histories = histories;
  }

  /** Makes all reads with the header that asks the origin, and returns this. */
  Witness readingStrongly() {
    readHeaders = new String[] {"Selvedge-Consistency", "strong"};
    return this;
  }

  static Queue<Operation> history() {
    return new ConcurrentLinkedQueue<>();
  }

  /**
   * Makes one call. Returns false if the server was killed during it, refused it, or does not know
   * what became of it.
   */
  boolean call(RestClient client, String namespace) {
    try {
      if (random.nextInt(5) == 0) {
        callCounter(client, namespace, counters.get(random.nextInt(counters.size())));
      } else {
        callRegister(client, namespace, registers.get(random.nextInt(registers.size())));
      }
      return true;
    } catch (UncheckedIOException e) {
      return false;
    }
  }

  private void callRegister(RestClient client, String namespace, String key) {
    int choice = random.nextInt(100);
    if (choice < 45) {
      get(client, namespace, key);
    } else if (choice < 65) {
      String value = value();
      var put = new Operation.Put(value);
      record(key, put, () -> client.put(namespace, key, padded(value)), _ -> put);
    } else if (choice < 72) {
      var delete = new Operation.Delete();
      record(key, delete, () -> client.delete(namespace, key), _ -> delete);
    } else {
      swap(client, namespace, key, lastReads.getOrDefault(key, new Read(ABSENT, 0)));
    }
  }

  private void callCounter(RestClient client, String namespace, String key) {
    if (random.nextInt(3) == 0) {
      get(client, namespace, key);
      return;
    }
    long amount = random.nextInt(1, 10);
    record(
        key,
        new Operation.AddUnanswered(amount),
        () -> client.increment(namespace, key, amount),
        reply -> new Operation.Add(amount, reply.json().path("value").asLong()));
  }

  private void get(RestClient client, String namespace, String key) {
    Reply reply =
        record(
            key,
            Optional.empty(),
            () -> client.get(namespace, key, readHeaders),
            answer -> new Operation.Get(answer.status() == 404 ? ABSENT : shown(answer.body())));
    boolean found = reply.status() == 200;
    lastReads.put(
        key, found ? new Read(shown(reply.body()), reply.version()) : new Read(ABSENT, 0));
  }

  private void swap(RestClient client, String namespace, String key, Read expected) {
    String value = value();
    String[] condition =
        expected.value().equals(ABSENT)
            ? new String[] {"If-None-Match", "*"}
            : new String[] {"If-Match", "\"" + expected.version() + "\""};
    record(
        key,
        new Operation.Swap(expected.value(), value, true),
        () -> client.put(namespace, key, padded(value), condition),
        reply -> new Operation.Swap(expected.value(), value, reply.status() != 412));
  }

  private void record(
      String key, Operation.Step unanswered, Supplier<Reply> call, StepReader testimony) {
    record(key, Optional.of(unanswered), call, testimony);
  }

  private Reply record(
      String key, Optional<Operation.Step> unanswered, Supplier<Reply> call, StepReader testimony) {
    Queue<Operation> history = histories.getOrDefault(key, new ConcurrentLinkedQueue<>());
    long invoked = System.nanoTime();
    try {
      Reply reply = call.get();
      long returned = System.nanoTime();
      if (REFUSED.contains(reply.status())) {
        throw new Refusal(new IOException(reply.toString()));
      }
      if (reply.status() >= FAILED) {
        throw new UncheckedIOException(new IOException(reply.toString()));
      }
      if (reply.status() != 404 && reply.status() != 412) {
        reply.ok();
      }
      history.add(new Operation(number, invoked, returned, testimony.of(reply)));
      return reply;
    } catch (Refusal e) {
      throw e;
    } catch (UncheckedIOException e) {
      if (e.getCause() instanceof ConnectException) {
        throw new Refusal(e.getCause());
      }
      unanswered.ifPresent(
          step -> history.add(new Operation(number, invoked, Operation.NEVER, step)));
      throw e;
    }
  }

  private String value() {
    values++;
    return number + "-" + values;
  }

  /**
   * Returns the value with padding for some values, because large values are stored differently.
   */
  private Bytes padded(String value) {
    return Bytes.utf8(random.nextInt(8) == 0 ? value + PADDING : value);
  }

  private static String shown(Bytes body) {
    String text = body.utf8();
    if (!text.endsWith(".")) {
      return text;
    }
    String value = text.substring(0, text.indexOf('.'));
    return text.equals(value + PADDING) ? value : "half of " + value;
  }
}
