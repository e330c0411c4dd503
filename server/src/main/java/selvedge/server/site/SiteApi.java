package selvedge.server.site;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import selvedge.server.api.Api;
import selvedge.server.api.ForwardingApi;
import selvedge.server.api.LoopResult;
import selvedge.server.api.Reply;
import selvedge.server.api.Request;
import selvedge.server.api.Response;

/**
 * Passes requests to the site in use. While it is replaced they wait for the next one. Safe for use
 * by many threads.
 */
final class SiteApi implements ForwardingApi {
  private static final Duration GRACE = Duration.ofSeconds(2);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private volatile Site site;
  private volatile boolean replacing;

  /** Whether the site in use is open: not after a replacement whose next site failed to open. */
  private boolean siteOpen = true;

  private boolean closed;
  private final AtomicInteger answering = new AtomicInteger();

  public SiteApi(Site site) {
    this.site = site;
  }

  public Site site() {
    return site;
  }

  /**
   * Closes the current site and opens another one. Does nothing after {@link #close}.
   *
   * @param next opens the next site, given the closed one
   */
  public void replace(UnaryOperator<Site> next) {
    lock.lock();
    try {
      replacing = true;
      long left = GRACE.toNanos();
      while (answering.get() > 0 && left > 0) {
        left = changed.awaitNanos(left);
      }
      if (!closed) {
        closeSite();
        site = next.apply(site);
        siteOpen = true;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      replacing = false;
      changed.signalAll();
      lock.unlock();
    }
  }

  /** Closes the current site, after a replacement that has begun. No other site is opened later. */
  public void close() {
    lock.lock();
    try {
      closed = true;
      closeSite();
    } finally {
      lock.unlock();
    }
  }

  private void closeSite() {
    if (siteOpen) {
      siteOpen = false;
      site.close();
    }
  }

  @Override
  public Optional<LoopResult> answerNow(Request request) {
    Site prepared = site;
    return replacing
        ? Optional.empty()
        : prepared.api().answerNow(request).map(result -> here(result, prepared, request));
  }

  /** Repeats a read that was prepared for a site that has been replaced since. */
  private LoopResult here(LoopResult result, Site prepared, Request request) {
    return switch (result) {
      case LoopResult.Answered answered -> answered;
      case LoopResult.Reading(Supplier<Response> rest) ->
          new LoopResult.Reading(
              () -> within(() -> prepared.equals(site) ? rest.get() : site.api().answer(request)));
    };
  }

  @Override
  public boolean answerSoon(Request request, Reply reply) {
    answering.incrementAndGet();
    boolean taken = false;
    try {
      taken =
          !replacing
              && site.api().answerSoon(request, making -> reply.answer(() -> leaving(making)));
    } finally {
      if (!taken) {
        leave();
      }
    }
    return taken;
  }

  private Response leaving(Supplier<Response> making) {
    try {
      return making.get();
    } finally {
      leave();
    }
  }

  @Override
  public Response answer(Request request) {
    return within(() -> site.api().answer(request));
  }

  private Response within(Supplier<Response> making) {
    enter();
    return leaving(making);
  }

  /**
   * Counts the request in, once no replacement is under way. A replacement waits for the requests
   * that were counted before it.
   */
  private void enter() {
    answering.incrementAndGet();
    while (replacing) {
      leave();
      awaitReplaced();
      answering.incrementAndGet();
    }
  }

  private void awaitReplaced() {
    lock.lock();
    try {
      while (replacing) {
        changed.awaitUninterruptibly();
      }
    } finally {
      lock.unlock();
    }
  }

  private void leave() {
    if (answering.decrementAndGet() == 0 && replacing) {
      lock.lock();
      try {
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  @Override
  public Api next() {
    return site.api();
  }
}
