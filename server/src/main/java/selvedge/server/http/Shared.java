package selvedge.server.http;

import io.netty.util.concurrent.FastThreadLocal;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import selvedge.model.Limit;
import selvedge.model.Limits;
import selvedge.server.api.Api;
import selvedge.server.api.Request;
import selvedge.server.share.Shares;

/** What all connections of one server have in common. Safe for use by many threads. */
final class Shared {
  private final Api api;
  private final Limits limits;
  private final HttpMeter meter;
  private final ResponseHeads heads;
  private final Known<Request> knownRequests = new Known<>();
  private final Known<Fields> knownFields = new Known<>();
  private final Shares memory;
  private final Logger log = LoggerFactory.getLogger(HttpServer.class);
  private final AtomicInteger inFlight = new AtomicInteger();
  private volatile boolean draining;
  private final FastThreadLocal<Loop> loops =
      new FastThreadLocal<>() {
        @Override
        protected Loop initialValue() {
          return new Loop();
        }
      };

  Shared(Api api, Limits limits, HttpMeter meter, ResponseHeads heads) {
    this.api = api;
    this.limits = limits;
    this.meter = meter;
    this.heads = heads;
    this.memory = Shares.ofMemory(limits, Runtime.getRuntime().maxMemory());
  }

  Api api() {
    return api;
  }

  Limits limits() {
    return limits;
  }

  HttpMeter meter() {
    return meter;
  }

  ResponseHeads heads() {
    return heads;
  }

  /** Requests without a body that were answered from memory, by all their bytes. */
  Known<Request> knownRequests() {
    return knownRequests;
  }

  /** Header fields of HTTP/1.1, by all their bytes. */
  Known<Fields> knownFields() {
    return knownFields;
  }

  /** The memory that bodies and values on their way may take together. */
  Shares memory() {
    return memory;
  }

  /** The event loop that asks. */
  Loop loop() {
    return loops.get();
  }

  Logger log() {
    return log;
  }

  /** Takes one of the places for requests at work; false when all are taken. */
  boolean enter() {
    if (inFlight.incrementAndGet() > limits.get(Limit.REQUESTS_IN_FLIGHT)) {
      inFlight.decrementAndGet();
      return false;
    }
    meter.inFlight(1);
    return true;
  }

  void leave() {
    inFlight.decrementAndGet();
    meter.inFlight(-1);
  }

  int inFlight() {
    return inFlight.get();
  }

  boolean draining() {
    return draining;
  }

  void drain() {
    draining = true;
  }
}
