package selvedge.server.http;

import io.netty.util.concurrent.FastThreadLocal;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import selvedge.model.Limit;
import selvedge.model.Limits;
import selvedge.server.api.Api;
import selvedge.server.api.Request;
import selvedge.server.share.Owner;
import selvedge.server.share.Shares;

/** What all connections of one server have in common. Safe for use by many threads. */
final class ServerContext {
  private final Api api;
  private final Limits limits;
  private final HttpMeter meter;
  private final ResponseHeads heads;
  private final RequestCache<Request> knownRequests = new RequestCache<>();
  private final RequestCache<Fields> knownFields = new RequestCache<>();
  private final Shares memory;
  private final int plainPlaces;
  private final Shares scarcePlaces;
  private final int operatorsPlaces;
  private final AtomicInteger operators = new AtomicInteger();
  private final Rate bodyRate;
  private final Logger log = LoggerFactory.getLogger(HttpServer.class);
  private final AtomicInteger inFlight = new AtomicInteger();
  private volatile boolean draining;
  private final FastThreadLocal<LoopContext> loops =
      new FastThreadLocal<>() {
        @Override
        protected LoopContext initialValue() {
          return new LoopContext();
        }
      };

  ServerContext(Api api, Limits limits, HttpMeter meter, ResponseHeads heads) {
    this.api = api;
    this.limits = limits;
    this.meter = meter;
    this.heads = heads;
    int places = limits.size(Limit.REQUESTS_IN_FLIGHT);
    this.plainPlaces = places / 2;
    this.scarcePlaces = Shares.ofPlaces(places - plainPlaces);
    this.operatorsPlaces = limits.size(Limit.OPERATOR_REQUESTS);
    this.bodyRate = new Rate(limits.get(Limit.BODY_BYTES_PER_SECOND_MIN));
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
  RequestCache<Request> knownRequests() {
    return knownRequests;
  }

  /** Header fields of HTTP/1.1, by all their bytes. */
  RequestCache<Fields> knownFields() {
    return knownFields;
  }

  /** The memory that bodies and values on their way may take together. */
  Shares memory() {
    return memory;
  }

  /** The event loop that asks. */
  LoopContext loop() {
    return loops.get();
  }

  Logger log() {
    return log;
  }

  /** The least rate of bodies. */
  Rate bodyRate() {
    return bodyRate;
  }

  /**
   * Takes one of the places for requests at work, whoever asks, as long as half of them are free;
   * false when they are not.
   */
  boolean enter() {
    if (inFlight.incrementAndGet() > plainPlaces) {
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

  /** Takes one of the other half, which owners share; false when there is none for this one. */
  boolean enter(Owner owner) {
    if (!scarcePlaces.tryTake(owner, 1)) {
      return false;
    }
    inFlight.incrementAndGet();
    meter.inFlight(1);
    return true;
  }

  void leave(Owner owner) {
    scarcePlaces.give(owner, 1);
    leave();
  }

  /** Takes one of the places that only operators and their tools have. */
  boolean enterAsOperator() {
    if (operators.incrementAndGet() > operatorsPlaces) {
      operators.decrementAndGet();
      return false;
    }
    inFlight.incrementAndGet();
    meter.inFlight(1);
    return true;
  }

  void leaveAsOperator() {
    operators.decrementAndGet();
    leave();
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
