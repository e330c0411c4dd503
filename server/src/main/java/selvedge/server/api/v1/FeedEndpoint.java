package selvedge.server.api.v1;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import selvedge.engine.feed.Feed;
import selvedge.engine.feed.FeedRead;
import selvedge.engine.feed.FeedReaders;
import selvedge.engine.feed.FeedSignal;
import selvedge.engine.form.Form;
import selvedge.engine.replication.Descent;
import selvedge.engine.replication.Lineage;
import selvedge.engine.replication.NewLineage;
import selvedge.engine.replication.Openings;
import selvedge.engine.replication.Relation;
import selvedge.model.Change;
import selvedge.model.InvalidRequestException;
import selvedge.model.Limit;
import selvedge.model.Limits;
import selvedge.model.OverloadedException;
import selvedge.model.Version;
import selvedge.server.access.Caller;
import selvedge.server.api.Body;
import selvedge.server.api.HeaderNames;
import selvedge.server.api.Memory;
import selvedge.server.api.Query;
import selvedge.server.api.Request;
import selvedge.server.api.Response;
import selvedge.server.api.shared.LineageCheck;
import selvedge.server.api.shared.WireForm;
import selvedge.server.fairness.Owner;
import selvedge.server.fairness.Shares;

/**
 * {@code /v1/feed}: the changes after a version, as they happen. Safe for use by many threads.
 *
 * <p>A reader holds one page of changes in memory and takes it at its own pace. The feed of a
 * reader that falls behind the start of the feed ends with an error.
 */
public final class FeedEndpoint {
  /** The number of changes that are read at a time while memory is short. */
  private static final int PAGE_CHANGES_MIN = 16;

  private static final long ROW_BYTES = 2048;

  private final Feed feed;
  private final FeedSignal signal;
  private final Supplier<Descent> descent;
  private final boolean follows;
  private final Claims claims;
  private final Limits limits;
  private final InstantSource clock;
  private final LongSupplier ticks;
  private final Shares places;

  /** Receives the claims of replicas that have changes of its epoch which this server lacks. */
  public interface Claims {
    /** For a voter: a replica that has more changes waits. */
    Claims NONE = (caller, replica, agreed) -> false;

    /**
     * Returns whether this server is an origin that is not a voter. That one starts a new epoch at
     * the first claim after its start; an edge passes the claim on to the server that it follows.
     *
     * <p>Throws an {@link InvalidRequestException} if no store can have the version of the replica.
     *
     * @param agreed the last version up to which both have the same changes
     */
    boolean hear(Caller caller, Descent replica, Version agreed);
  }

  /**
   * The changes that readers get, and their lineage.
   *
   * @param follows whether the changes come from another server, which may have more of them
   */
  public record Changes(Feed feed, FeedSignal signal, Supplier<Descent> descent, boolean follows) {}

  /**
   * @param ticks a clock in nanoseconds that only measures spans
   */
  public FeedEndpoint(
      Changes changes, Claims claims, Limits limits, InstantSource clock, LongSupplier ticks) {
    this.feed = changes.feed();
    this.signal = changes.signal();
    this.descent = changes.descent();
    this.follows = changes.follows();
    this.claims = claims;
    this.limits = limits;
    this.clock = clock;
    this.ticks = ticks;
    this.places = Shares.ofPlaces(limits.get(Limit.FEEDS));
  }

  Response read(Request request, Caller caller, FeedFilter filter) {
    FeedForm form = FeedForm.of(request, descent.get());
    boolean events = form instanceof EventForm;
    Version after = after(request, events);
    long changesMax = changesMax(request, form);
    if (filter.equals(FeedFilter.EVERYTHING)) {
      requireContained(request, caller, after);
    } else {
      requireSeen(request, after, lastEvent(request, events).isPresent());
    }
    requireReach(descent.get().latest(), after);
    return Response.of(
        200,
        new Body.Live(out -> run(out, request, after, new Reading(filter, form, changesMax))),
        WireForm.answered(Form.FEED, request),
        new Response.Header(HeaderNames.CONTENT_TYPE, form.contentType()),
        new Response.Header(HeaderNames.CACHE_CONTROL, "no-store"),
        new Response.Header(
            HeaderNames.SELVEDGE_HEARTBEAT_SECONDS,
            Long.toString(limits.get(Limit.HEARTBEAT_SECONDS))));
  }

  /** What a reader gets of the changes: which of them, in which form, and how many in a second. */
  private record Reading(FeedFilter filter, FeedForm form, long changesMax) {}

  /** Returns the number of changes that the reader wants in a second; by default all of them. */
  private static long changesMax(Request request, FeedForm form) {
    Optional<String> most = Query.of(request).text("most");
    if (most.isEmpty()) {
      return Long.MAX_VALUE;
    }
    if (!(form instanceof EventForm)) {
      throw new InvalidRequestException("most requires the header Accept: text/event-stream");
    }
    try {
      int number = Integer.parseInt(most.get());
      if (number >= 1) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw badMost(most.get());
    }
    throw badMost(most.get());
  }

  private static InvalidRequestException badMost(String text) {
    return new InvalidRequestException(
        "most must be a whole number of at least 1, got \"" + text + "\"");
  }

  /** Returns the version after which the feed starts; by default the newest one. */
  private Version after(Request request, boolean events) {
    String text = lastEvent(request, events).or(() -> Query.of(request).text("after")).orElse("");
    if (text.isEmpty()) {
      return newest();
    }
    try {
      return new Version(Long.parseLong(text));
    } catch (IllegalArgumentException e) {
      throw new InvalidRequestException(
          "after must be a version, such as 42, got \"" + text + "\"");
    }
  }

  private static Optional<String> lastEvent(Request request, boolean events) {
    return events ? request.header(HeaderNames.LAST_EVENT_ID) : Optional.empty();
  }

  private Version newest() {
    return signal.newest();
  }

  /** Requires that this server has all changes of the replica. */
  private void requireContained(Request request, Caller caller, Version after) {
    Descent here = descent.get();
    ClusterGuard.require(request, here);
    Optional<String> epochText = Query.of(request).text("epoch");
    if (epochText.isEmpty()) {
      return;
    }
    long epoch = number(epochText.get());
    if (!here.knows(epoch)) {
      throw request.header(HeaderNames.SELVEDGE_CLUSTER).isPresent()
          ? changed(here, Version.NONE)
          : ClusterGuard.foreign(here, "of the epoch " + epochText.get());
    }
    var replica = new Descent(epoch, after, Lineage.NONE, openings(request));
    Relation relation = Relation.within(replica, here);
    if (relation instanceof Relation.Contained) {
      return;
    }
    Version agreed = Relation.agreed(replica, here);
    // Changes of an ended epoch need no new lineage: no version of it is given again.
    boolean claimed = epoch == here.epoch() && claims.hear(caller, replica, agreed);
    if (relation instanceof Relation.Behind && !claimed) {
      throw behind(here, after);
    }
    throw changed(descent.get(), agreed);
  }

  private static V1Failure behind(Descent here, Version after) {
    return new V1Failure(
        503,
        V1Failure.BEHIND,
        "this server is at version " + here.latest() + ", behind " + after + ": ask again later");
  }

  /** Returns the openings that a replica names, or the one that another reader names. */
  static Openings openings(Request request) {
    return request
        .header(HeaderNames.SELVEDGE_OPENINGS)
        .map(text -> Openings.parse(text.replace(',', '\n')))
        .orElse(Openings.NONE);
  }

  private static long number(String epoch) {
    try {
      return Long.parseLong(epoch);
    } catch (NumberFormatException e) {
      throw new InvalidRequestException("epoch must be a number, got \"" + epoch + "\"");
    }
  }

  /**
   * Requires that this server has the changes that a reader has received.
   *
   * <p>A server that follows another one may still get them. The reader must name its opening to
   * wait for them: only the opening shows later whether the version has the same change here.
   *
   * @param isOfEvent whether the version is that of the last event. A browser then still names the
   *     epoch with which it began.
   */
  private void requireSeen(Request request, Version after, boolean isOfEvent) {
    Descent here = descent.get();
    Optional<String> epochText = isOfEvent ? Optional.empty() : epoch(request);
    if (epochText.isEmpty()) {
      if (here.openings().isLost(after)) {
        throw new V1Failure(
            410, "other_epoch", "version " + after + " is not part of the changes here");
      }
      return;
    }
    long epoch = number(epochText.get());
    var reader = new Descent(epoch, after, Lineage.NONE, openings(request));
    switch (Relation.within(reader, here)) {
      case Relation.Contained _ when here.knows(epoch) -> {}
      case Relation.Behind _
          when follows && !reader.openings().isEmpty() && !here.openings().isEmpty() ->
          throw behind(here, after);
      case Relation.Behind _ when here.knows(epoch) -> {}
      default -> throw changed(here, Relation.agreed(reader, here));
    }
  }

  private static Optional<String> epoch(Request request) {
    return Query.of(request).text("epoch").or(() -> request.header(HeaderNames.SELVEDGE_EPOCH));
  }

  private static V1Failure changed(Descent here, Version agreed) {
    return new V1Failure(
            410, LineageCheck.LINEAGE_CHANGED, LineageCheck.lineageChanged(here, agreed))
        .agreed(agreed);
  }

  private void requireReach(Version latest, Version after) {
    if (after.compareTo(latest) > 0) {
      throw new V1Failure(
          410, "other_epoch", "there is no version " + after + " here yet; " + latest + " is");
    }
    if (feed.read(after, 1) instanceof FeedRead.Trimmed(Version horizon)) {
      throw new V1Failure(410, "trimmed", trimmed(after, horizon));
    }
  }

  private String trimmed(Version after, Version horizon) {
    return horizon.compareTo(feed.horizon()) > 0
        ? "changes " + after.next() + " to " + horizon + " are damaged here: start from a snapshot"
        : "the feed reaches back to version " + horizon + " only: start from a snapshot";
  }

  private void run(OutputStream out, Request request, Version start, Reading reading)
      throws IOException {
    FeedForm form = reading.form();
    Owner owner = request.owner();
    if (!places.tryTake(owner, 1)) {
      form.failure(
          out,
          "overloaded",
          "of " + limits.get(Limit.FEEDS) + " places for readers none is left for this token");
      return;
    }
    FeedReaders readers =
        reading.filter().equals(FeedFilter.EVERYTHING) ? signal.readers() : new FeedReaders();
    try (FeedReaders.Reader reader = readers.open(start)) {
      follow(out, request.memory(), reader, reading);
    } catch (OverloadedException e) {
      form.failure(out, "overloaded", String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      places.give(owner, 1);
    }
  }

  private void follow(OutputStream out, Memory memory, FeedReaders.Reader reader, Reading reading)
      throws IOException, InterruptedException {
    FeedForm form = reading.form();
    FeedFilter filter = reading.filter();
    Duration heartbeat = limits.seconds(Limit.HEARTBEAT_SECONDS);
    var timing = new FeedPace.Timing(heartbeat, clock, ticks);
    var pace = new FeedPace(form, out, reading.changesMax(), timing);
    Version after = reader.version();
    form.position(out, position(filter, after), clock.instant());
    while (!signal.isEnded()) {
      switch (feed.read(after, page(memory, after))) {
        case FeedRead.Trimmed(Version horizon) -> {
          form.failure(out, "trimmed", trimmed(after, horizon));
          return;
        }
        case FeedRead.Changes(var changes) when changes.isEmpty() -> {
          signal.await(after, pace.patience());
          pace.reached(after);
        }
        case FeedRead.Changes(var changes) -> {
          for (Change change : changes) {
            if (filter.wants(change)) {
              pace.change(filter.shown(change));
            } else {
              opened(out, form, change);
            }
          }
          after = changes.getLast().version();
          out.flush();
          reader.reached(after);
          memory.shrink(0);
          pace.reached(after);
        }
      }
    }
    form.failure(out, "stopping", "the server is stopping: come back after version " + after);
  }

  /**
   * Returns the position at which a feed starts. A replica has a lineage of its own, so it gets the
   * epoch of this server.
   */
  private Descent position(FeedFilter filter, Version after) {
    Descent here = descent.get();
    return filter.equals(FeedFilter.EVERYTHING)
        ? new Descent(here.epoch(), after, Lineage.NONE, Openings.NONE)
        : here.upTo(after);
  }

  /** Writes the new position if a change that the reader does not get is an opening. */
  private void opened(OutputStream out, FeedForm form, Change change) throws IOException {
    Optional<Openings.Opening> opening = NewLineage.opening(change);
    if (opening.isPresent()) {
      form.position(out, Descent.at(opening.get()), clock.instant());
    }
  }

  /**
   * Returns the number of changes to read at a time. All their values are in memory until they are
   * sent.
   */
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
