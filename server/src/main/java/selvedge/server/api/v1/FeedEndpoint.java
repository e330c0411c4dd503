package selvedge.server.api.v1;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import selvedge.engine.feed.Feed;
import selvedge.engine.feed.FeedRead;
import selvedge.engine.feed.FeedSignal;
import selvedge.engine.origin.Lineage;
import selvedge.model.Change;
import selvedge.model.InvalidRequestException;
import selvedge.model.Limit;
import selvedge.model.Limits;
import selvedge.model.OverloadedException;
import selvedge.model.Version;
import selvedge.server.api.Body;
import selvedge.server.api.Memory;
import selvedge.server.api.Query;
import selvedge.server.api.Request;
import selvedge.server.api.Response;

/**
 * {@code /v1/feed}: the changes after a version, as they happen. Safe for use by many threads.
 *
 * <p>A reader has one page of changes in memory and takes it at its own pace. One that is so slow
 * that the feed no longer reaches back to it is told so, and its feed ends.
 */
public final class FeedEndpoint {
  /** So many changes are read at once where memory is short. */
  private static final int PAGE_CHANGES_MIN = 16;

  private static final long ROW_BYTES = 2048;

  private final Feed feed;
  private final FeedSignal signal;
  private final LongSupplier epoch;
  private final Supplier<Lineage> lineage;
  private final Limits limits;
  private final InstantSource clock;
  private final Semaphore places;

  /**
   * @param lineage the orders of changes that this one goes on from
   */
  public FeedEndpoint(
      Feed feed,
      FeedSignal signal,
      LongSupplier epoch,
      Supplier<Lineage> lineage,
      Limits limits,
      InstantSource clock) {
    this.feed = feed;
    this.signal = signal;
    this.epoch = epoch;
    this.lineage = lineage;
    this.limits = limits;
    this.clock = clock;
    this.places = new Semaphore(limits.size(Limit.FEEDS));
  }

  Response read(Request request, FeedFilter filter) {
    FeedForm form = FeedForm.of(request, epoch.getAsLong());
    Version after = after(request, form instanceof EventForm);
    requireEpoch(request, after);
    requireReach(after);
    return Response.of(
        200,
        new Body.Live(out -> run(out, request.memory(), after, filter, form)),
        new Response.Header("Content-Type", form.contentType()),
        new Response.Header("Cache-Control", "no-store"),
        new Response.Header("Selvedge-Epoch", Long.toString(epoch.getAsLong())));
  }

  /** Without a version the feed begins with the next change. */
  private Version after(Request request, boolean events) {
    Optional<String> given = events ? request.header("Last-Event-ID") : Optional.empty();
    String text = given.or(() -> Query.of(request).text("after")).orElse("");
    if (text.isEmpty()) {
      return newest();
    }
    try {
      return new Version(Long.parseLong(text));
    } catch (IllegalArgumentException e) {
      throw new InvalidRequestException("after is a version, such as 42, not \"" + text + "\"");
    }
  }

  private Version newest() {
    return signal.newest();
  }

  /** Who comes from an older epoch goes on here, as long as all that it has is here. */
  private void requireEpoch(Request request, Version after) {
    Optional<String> given = Query.of(request).text("epoch");
    if (given.isEmpty() || given.get().equals(Long.toString(epoch.getAsLong()))) {
      return;
    }
    boolean descends =
        lineage.get().ancestors().stream()
            .anyMatch(
                ancestor ->
                    given.get().equals(Long.toString(ancestor.epoch()))
                        && after.compareTo(ancestor.last()) <= 0);
    if (!descends) {
      throw new NativeFailure(
          410,
          "other_epoch",
          "the changes here are of epoch " + epoch.getAsLong() + ": start from a snapshot");
    }
  }

  private void requireReach(Version after) {
    if (after.compareTo(newest()) > 0) {
      throw new NativeFailure(
          410, "other_epoch", "there is no version " + after + " here yet; " + newest() + " is");
    }
    if (feed.read(after, 1) instanceof FeedRead.Trimmed(Version horizon)) {
      throw new NativeFailure(410, "trimmed", trimmed(after, horizon));
    }
  }

  private String trimmed(Version after, Version horizon) {
    return horizon.compareTo(feed.horizon()) > 0
        ? "changes " + after.next() + " to " + horizon + " are damaged here: start from a snapshot"
        : "the feed reaches back to version " + horizon + " only: start from a snapshot";
  }

  private void run(OutputStream out, Memory memory, Version start, FeedFilter filter, FeedForm form)
      throws IOException {
    if (!places.tryAcquire()) {
      form.failure(out, "overloaded", "there are " + limits.get(Limit.FEEDS) + " readers already");
      return;
    }
    try {
      follow(out, memory, start, filter, form);
    } catch (OverloadedException e) {
      form.failure(out, "overloaded", String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      places.release();
    }
  }

  private void follow(
      OutputStream out, Memory memory, Version start, FeedFilter filter, FeedForm form)
      throws IOException, InterruptedException {
    Duration heartbeat = limits.seconds(Limit.HEARTBEAT_SECONDS);
    Version after = start;
    form.start(out, epoch.getAsLong(), after);
    form.heartbeat(out, after, clock.instant());
    while (!signal.isEnded()) {
      switch (feed.read(after, page(memory, after))) {
        case FeedRead.Trimmed(Version horizon) -> {
          form.failure(out, "trimmed", trimmed(after, horizon));
          return;
        }
        case FeedRead.Changes(var changes) when changes.isEmpty() -> {
          signal.await(after, heartbeat);
          if (newest().compareTo(after) <= 0) {
            form.heartbeat(out, after, clock.instant());
          }
        }
        case FeedRead.Changes(var changes) -> {
          for (Change change : changes) {
            if (filter.wants(change)) {
              form.change(out, change);
            }
          }
          after = changes.getLast().version();
          out.flush();
          memory.shrink(0);
        }
      }
    }
    form.failure(out, "stopping", "the server is stopping: come back after version " + after);
  }

  /** How many changes are read at once; the values of all of them are in memory until they left. */
  private int page(Memory memory, Version after) {
    int most = limits.size(Limit.FEED_PAGE_CHANGES);
    long value = limits.get(Limit.INLINE_BYTES) + ROW_BYTES;
    if (newest().compareTo(after) <= 0 || memory.tryHold(most * value)) {
      return most;
    }
    int least = Math.min(most, PAGE_CHANGES_MIN);
    memory.hold(least * value);
    return least;
  }
}
