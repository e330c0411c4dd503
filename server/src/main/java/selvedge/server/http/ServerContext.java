package selvedge.server.http;

import io.netty.util.concurrent.FastThreadLocal;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import selvedge.model.Limit;
import selvedge.model.Limits;
import selvedge.server.api.Api;
import selvedge.server.api.Request;
import selvedge.server.fairness.Owner;
import selvedge.server.fairness.Shares;

/** The state that all connections of a server share. Safe for use by many threads. */
final class ServerContext {
  private final Api api;
  private final Limits limits;
  private final HttpMeter meter;
  private final ResponseHeads heads;
  private final RequestCache<Request> requestCache = new RequestCache<>();
  private final RequestCache<HeaderFields> fieldsCache = new RequestCache<>();
  private final Shares memory;
  private final int uncountedPlaces;
  private final Shares sharedPlaces;
  private final int operatorPlaces;
  private final AtomicInteger operators = new AtomicInteger();
  private final MinimumRate bodyRate;
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
    this.uncountedPlaces = places / 2;
    this.sharedPlaces = Shares.ofPlaces(places - uncountedPlaces);
    this.operatorPlaces = limits.size(Limit.OPERATOR_REQUESTS);
    this.bodyRate = new MinimumRate(limits.get(Limit.BODY_BYTES_PER_SECOND_MIN));
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

  /** Returns whether answers depend on the certificate of the connection at this moment. */
  boolean comparesConnections() {
    return api.comparesConnections();
  }

  /** Returns the cache of requests without a body that were answered from memory. */
  RequestCache<Request> requestCache() {
    return requestCache;
  }

  /** Returns the cache of header fields of HTTP/1.1. */
  RequestCache<HeaderFields> fieldsCache() {
    return fieldsCache;
  }

  /** Returns the memory that the bodies and values of all requests share. */
  Shares memory() {
    return memory;
  }

  /** Returns the context of the calling event loop. */
  LoopContext loop() {
    return loops.get();
  }

  Logger log() {
    return log;
  }

  /** Returns the minimum rate of bodies. */
  MinimumRate bodyRate() {
    return bodyRate;
  }

  /**
   * Takes a place for a request in flight without counting it for an owner. Returns false once half
   * of the places are taken.
   */
  boolean takePlace() {
    if (inFlight.incrementAndGet() > uncountedPlaces) {
      inFlight.decrementAndGet();
      return false;
    }
    meter.inFlight(1);
    return true;
  }

  void releasePlace() {
    inFlight.decrementAndGet();
    meter.inFlight(-1);
  }

  /**
   * Takes a place of the other half, which owners share fairly; false if the owner has used up its
   * share.
   */
  boolean takePlace(Owner owner) {
    if (!sharedPlaces.tryTake(owner, 1)) {
      return false;
    }
    inFlight.incrementAndGet();
    meter.inFlight(1);
    return true;
  }

  void releasePlace(Owner owner) {
    sharedPlaces.give(owner, 1);
    releasePlace();
  }

  /** Takes a place that is reserved for operators; false if none is free. */
  boolean takeOperatorPlace() {
    if (operators.incrementAndGet() > operatorPlaces) {
      operators.decrementAndGet();
      return false;
    }
    inFlight.incrementAndGet();
    meter.inFlight(1);
    return true;
  }

  void releaseOperatorPlace() {
    operators.decrementAndGet();
    releasePlace();
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
