package selvedge.server.api.rest;

import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import selvedge.model.InvalidKeyException;
import selvedge.model.Key;
import selvedge.model.Limit;
import selvedge.model.Limits;
import selvedge.model.Mutation;
import selvedge.model.Namespace;
import selvedge.model.Outcome;
import selvedge.model.OverloadedException;
import selvedge.model.Version;
import selvedge.model.WriteOptions;
import selvedge.server.api.HeaderNames;
import selvedge.server.api.Json;
import selvedge.server.api.Keys;
import selvedge.server.api.Request;
import selvedge.server.api.Response;
import selvedge.server.api.shared.MeasuredStream;
import selvedge.server.api.shared.Spool;
import selvedge.server.api.shared.Spools;
import selvedge.server.fairness.Shares;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * {@code …/bulk} and {@code …/bulk/delete}.
 *
 * <p>A body arrives completely, in a file, and is checked completely before anything is changed. A
 * bounded number of bodies are processed at the same time, and a free place goes to the caller that
 * has the fewest.
 */
final class BulkEndpoint {
  private static final int SLICE_MUTATIONS = 500;
  private static final Duration PATIENCE = Duration.ofHours(1);

  /** The memory of a spool. */
  private static final long SPOOL_BYTES = 256 * 1024;

  /** The approximate memory of a key that is held until the end, in addition to its bytes. */
  private static final long KEY_BYTES = 160;

  /** A slice is held by this class, and by the writer. */
  private static final long SLICES = 2;

  private final Limits limits;
  private final InstantSource clock;
  private final Spools spools;
  private final Shares atWork;

  BulkEndpoint(Limits limits, InstantSource clock, Spools spools) {
    this.limits = limits;
    this.clock = clock;
    this.spools = spools;
    this.atWork = Shares.ofPlaces(limits.size(Limit.BULK_REQUESTS));
  }

  /** Receives the number of keys of a request, before any of them changes. */
  interface Counting {
    void expect(int keys);
  }

  /**
   * Receives each key that will be written, with the length of its value, and may refuse it by
   * throwing.
   */
  interface Admitting {
    void admit(Key key, long bytes);
  }

  Response put(Request request, Namespace namespace, Admitting admitting, Counting counting)
      throws IOException {
    return whole(
        request,
        body -> {
          var pairs = new BulkPairs(body, limits, clock);
          Map<Key, Long> sizes = new LinkedHashMap<>();
          int count = pairs.read(pair -> sizes.put(pair.key(), pair.value().length()));
          sizes.forEach(admitting::admit);
          counting.expect(count);
          var slices = new Slices(namespace);
          pairs.read(slices::put);
          return done(count, slices.flush());
        });
  }

  Response delete(Request request, Namespace namespace, Admitting admitting, Counting counting)
      throws IOException {
    return whole(
        request,
        body -> {
          List<Key> keys = names(body.open());
          keys.forEach(key -> admitting.admit(key, 0));
          counting.expect(keys.size());
          var slices = new Slices(namespace);
          keys.forEach(key -> slices.add(new Mutation.Delete(key)));
          return done(keys.size(), slices.flush());
        });
  }

  private interface Work {
    Response on(Spool body) throws IOException;
  }

  private Response whole(Request request, Work work) throws IOException {
    try (var body = spools.open(request.owner())) {
      MeasuredStream.bodyOf(request, limits.get(Limit.BULK_BYTES)).transferTo(body);
      request.memory().shrink(SPOOL_BYTES);
      if (!atWork.take(request.owner(), 1, PATIENCE)) {
        throw new OverloadedException("bulk requests of others are in flight");
      }
      try {
        request.memory().hold(memoryBytes(body.length()));
        return work.on(body);
      } finally {
        atWork.give(request.owner(), 1);
      }
    }
  }

  /** Returns the most memory that a body of that length takes while it is processed. */
  private long memoryBytes(long length) {
    long keys = limits.get(Limit.BULK_PAIRS) * (limits.get(Limit.KEY_BYTES) + KEY_BYTES);
    return SPOOL_BYTES
        + Math.min(length * 2, keys)
        + Math.min(length * SLICES, limits.get(Limit.BATCH_BYTES) * SLICES);
  }

  private List<Key> names(InputStream body) throws IOException {
    try {
      return Json.read(body, this::names);
    } catch (JacksonException e) {
      throw malformed("the body is not JSON: " + e.getOriginalMessage());
    }
  }

  private List<Key> names(JsonParser json) {
    if (json.nextToken() != JsonToken.START_ARRAY) {
      throw malformed("the body is not a JSON array");
    }
    List<Key> keys = new ArrayList<>();
    long most = limits.get(Limit.BULK_PAIRS);
    int count = 0;
    for (JsonToken token = json.nextToken();
        token != JsonToken.END_ARRAY;
        token = json.nextToken()) {
      if (token != JsonToken.VALUE_STRING) {
        throw malformed("element " + count + " is not a string");
      }
      if (count < most) {
        keys.add(key(json.getString(), count));
      }
      count++;
    }
    if (json.nextToken() != null) {
      throw malformed("something follows the array");
    }
    if (count > most) {
      throw malformed("received " + count + " keys, but max allowed per request is: " + most);
    }
    return keys;
  }

  private Key key(String name, int index) {
    try {
      return Keys.of(name, limits);
    } catch (InvalidKeyException e) {
      throw RestErrors.failure(e, "bulk remove keys: element " + index);
    }
  }

  private static RestFailure malformed(String problem) {
    return new RestFailure(400, 10012, "bulk remove keys: '" + problem + "'");
  }

  private static Response done(int count, Version version) {
    Response response =
        Envelope.success(
            json -> {
              json.writeStartObject();
              json.writeNumberProperty("successful_key_count", count);
              json.writeArrayPropertyStart("unsuccessful_keys");
              json.writeEndArray();
              json.writeEndObject();
            });
    return count == 0
        ? response
        : response.header(HeaderNames.SELVEDGE_VERSION, version.toString());
  }

  /** Collects mutations, and writes them when there are enough for a commit of their own. */
  private final class Slices {
    private final Namespace namespace;
    private final List<Mutation> slice = new ArrayList<>();
    private Version last = Version.NONE;
    private long bytes;

    Slices(Namespace namespace) {
      this.namespace = namespace;
    }

    void put(Mutation.Put pair) throws IOException {
      if (pair.value().length() > limits.get(Limit.INLINE_BYTES)) {
        flush();
        WriteOptions options = WriteOptions.PLAIN.metadata(pair.metadata()).expiry(pair.expiry());
        putAlone(pair, options);
        return;
      }
      bytes += pair.value().length();
      add(pair);
    }

    private void putAlone(Mutation.Put pair, WriteOptions options) throws IOException {
      try (InputStream value = pair.value().open()) {
        if (namespace.put(pair.key(), value, options) instanceof Outcome.Accepted accepted) {
          last = accepted.version();
        }
      }
    }

    void add(Mutation mutation) {
      slice.add(mutation);
      if (slice.size() >= SLICE_MUTATIONS || bytes >= limits.get(Limit.BATCH_BYTES)) {
        flush();
      }
    }

    /** Writes the rest, and returns the version of the last change. */
    Version flush() {
      if (!slice.isEmpty()) {
        last = namespace.write(slice);
        slice.clear();
        bytes = 0;
      }
      return last;
    }
  }
}
