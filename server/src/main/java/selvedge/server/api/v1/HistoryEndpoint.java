package selvedge.server.api.v1;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import selvedge.engine.feed.Feed;
import selvedge.engine.feed.FeedRead;
import selvedge.engine.feed.FeedSignal;
import selvedge.model.Change;
import selvedge.model.Entry;
import selvedge.model.Expiry;
import selvedge.model.InvalidRequestException;
import selvedge.model.Key;
import selvedge.model.Limit;
import selvedge.model.Limits;
import selvedge.model.Mutation;
import selvedge.model.OverloadedException;
import selvedge.model.Version;
import selvedge.server.api.Body;
import selvedge.server.api.HeaderNames;
import selvedge.server.api.Memory;
import selvedge.server.api.Query;
import selvedge.server.api.Request;
import selvedge.server.api.Response;
import selvedge.server.api.shared.Entity;
import selvedge.server.fairness.Owner;
import selvedge.server.fairness.Shares;

/**
 * {@code …/history/{key}}: the versions of a key, as far back as the feed reaches. Safe for use by
 * many threads.
 *
 * <p>A history is one scan of the feed. It ends when its reader disconnects, and only a limited
 * number run at a time.
 */
public final class HistoryEndpoint {
  private static final Duration PROGRESS_INTERVAL = Duration.ofMillis(500);
  private static final long ROW_BYTES = 2048;

  /** The number of changes that are read at a time while memory is short. */
  private static final int PAGE_CHANGES_MIN = 16;

  private final Feed feed;
  private final FeedSignal signal;
  private final Limits limits;
  private final LongSupplier ticks;
  private final Shares places;

  /**
   * @param ticks a clock in nanoseconds that only measures spans
   */
  public HistoryEndpoint(Feed feed, FeedSignal signal, Limits limits, LongSupplier ticks) {
    this.feed = feed;
    this.signal = signal;
    this.limits = limits;
    this.ticks = ticks;
    this.places = Shares.ofPlaces(limits.get(Limit.HISTORIES));
  }

  /** Returns the changes of the key, or the value of one version. */
  Response read(NamespaceRequest place, Key key) {
    // Throws if an edge only caches the namespace, or is too old for it.
    Version newest = place.namespace().latest();
    if (!key.bytes().startsWith(place.prefix())) {
      throw notFound(key);
    }
    Optional<String> version = Query.of(place.request()).text("version");
    if (version.isPresent()) {
      return value(place, key, version(version.get()));
    }
    return Response.of(
        200,
        new Body.Live(out -> run(out, place, key, newest)),
        new Response.Header(HeaderNames.CONTENT_TYPE, "application/x-ndjson"),
        new Response.Header(HeaderNames.CACHE_CONTROL, "no-store"));
  }

  private static V1Failure notFound(Key key) {
    return new V1Failure(404, "key_not_found", "there is no key \"" + key + "\"");
  }

  private static Version version(String text) {
    try {
      long number = Long.parseLong(text);
      if (number >= 1) {
        return new Version(number);
      }
    } catch (NumberFormatException e) {
      throw badVersion(text);
    }
    throw badVersion(text);
  }

  private static InvalidRequestException badVersion(String text) {
    return new InvalidRequestException(
        "version must be a version, such as 42, got \"" + text + "\"");
  }

  private Response value(NamespaceRequest place, Key key, Version version) {
    place.request().memory().hold(limits.get(Limit.INLINE_BYTES) + ROW_BYTES);
    if (feed.read(new Version(version.number() - 1), 1) instanceof FeedRead.Changes(var changes)
        && !changes.isEmpty()
        && changes.getFirst().version().equals(version)
        && changes.getFirst().namespace().equals(place.id())
        && changes.getFirst().mutation() instanceof Mutation.Put put
        && put.key().equals(key)) {
      var entry = new Entry(key, put.value(), put.metadata(), put.expiry(), version);
      return put.expiry() instanceof Expiry.At(Instant instant)
          ? Entity.response(
              place.request(),
              entry,
              new Response.Header(
                  HeaderNames.SELVEDGE_EXPIRES, Long.toString(instant.toEpochMilli())))
          : Entity.response(place.request(), entry);
    }
    throw new V1Failure(
        404,
        "version_not_found",
        "the feed has no put of \""
            + key
            + "\" with the version "
            + version
            + (version.compareTo(feed.horizon()) <= 0
                ? "; it begins after version " + feed.horizon()
                : ""));
  }

  private void run(OutputStream out, NamespaceRequest place, Key key, Version newest)
      throws IOException {
    Owner owner = place.request().owner();
    var form = new LineForm();
    if (!places.tryTake(owner, 1)) {
      form.failure(
          out,
          "overloaded",
          "of "
              + limits.get(Limit.HISTORIES)
              + " places for histories none is left for this token");
      return;
    }
    try {
      new Scan(out, form, place, key, newest).run();
    } catch (OverloadedException e) {
      form.failure(out, "overloaded", String.valueOf(e.getMessage()));
    } finally {
      places.give(owner, 1);
    }
  }

  /** One scan. Belongs to one thread. */
  private final class Scan {
    private final OutputStream out;
    private final LineForm form;
    private final NamespaceRequest place;
    private final Key key;
    private final Version newest;
    private final Memory memory;
    private Version since;
    private Version after;
    private Optional<Instant> firstAt = Optional.empty();
    private long changes;
    private long lastProgress = ticks.getAsLong();

    Scan(OutputStream out, LineForm form, NamespaceRequest place, Key key, Version newest) {
      Request request = place.request();
      this.out = out;
      this.form = form;
      this.place = place;
      this.key = key;
      this.newest = newest;
      this.memory = request.memory();
      this.since = feed.horizon();
      this.after = since;
    }

    void run() throws IOException {
      progress();
      while (after.compareTo(newest) < 0) {
        if (signal.isEnded()) {
          form.failure(out, "stopping", "the server is stopping");
          return;
        }
        switch (feed.read(after, page())) {
          case FeedRead.Trimmed(Version horizon) -> {
            since = horizon;
            after = horizon;
            firstAt = Optional.empty();
          }
          case FeedRead.Changes(List<Change> read) -> {
            if (read.isEmpty()) {
              after = newest;
            } else {
              take(read);
            }
          }
        }
        memory.shrink(0);
        if (ticks.getAsLong() - lastProgress >= PROGRESS_INTERVAL.toNanos()) {
          progress();
        }
      }
      end();
    }

    private int page() {
      long value = limits.get(Limit.INLINE_BYTES) + ROW_BYTES;
      int most = limits.size(Limit.FEED_PAGE_CHANGES);
      if (memory.tryHold(most * value)) {
        return most;
      }
      int least = Math.min(most, PAGE_CHANGES_MIN);
      memory.hold(least * value);
      return least;
    }

    private void take(List<Change> read) throws IOException {
      if (firstAt.isEmpty()) {
        firstAt = Optional.of(read.getFirst().at());
      }
      for (Change change : read) {
        if (change.namespace().equals(place.id()) && concerns(change.mutation())) {
          form.change(out, change);
        }
      }
      changes += read.size();
      after = read.getLast().version();
    }

    private boolean concerns(Mutation mutation) {
      return switch (mutation) {
        case Mutation.Put put -> put.key().equals(key);
        case Mutation.Delete(Key deleted) -> deleted.equals(key);
        case Mutation.Clear(var prefix) -> key.bytes().startsWith(prefix);
      };
    }

    /** Writes how far the scan is. This also detects that the reader has disconnected. */
    private void progress() throws IOException {
      lastProgress = ticks.getAsLong();
      long whole = Math.max(1, newest.number() - since.number());
      long percent = Math.min(99, 100 * (after.number() - since.number()) / whole);
      form.write(
          out,
          "",
          json -> {
            json.writeObjectPropertyStart("progress");
            json.writeNumberProperty("percent", percent);
            json.writeNumberProperty("changes", changes);
            json.writeEndObject();
          });
      out.flush();
    }

    private void end() throws IOException {
      form.write(
          out,
          "",
          json -> {
            json.writeBooleanProperty("complete", true);
            json.writeNumberProperty("changes", changes);
            if (since.equals(Version.NONE)) {
              json.writeBooleanProperty("from_start", true);
              return;
            }
            json.writeObjectPropertyStart("since");
            json.writeNumberProperty("version", since.number());
            firstAt.ifPresent(at -> json.writeStringProperty("at", at.toString()));
            json.writeEndObject();
            json.writeStringProperty(
                "why",
                "the feed begins after version "
                    + since
                    + ": it keeps the changes of "
                    + limits.get(Limit.FEED_SECONDS)
                    + " seconds (feed-seconds) in at most "
                    + limits.get(Limit.FEED_BYTES)
                    + " bytes (feed-bytes), and begins anew where a store is loaded or restored");
          });
      out.flush();
    }
  }
}
