package selvedge.server.api.rest;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import selvedge.model.Bytes;
import selvedge.model.Key;
import selvedge.model.Limit;
import selvedge.model.Limits;
import selvedge.model.Mutation;
import selvedge.model.Namespace;
import selvedge.model.Put;
import selvedge.server.api.Json;
import selvedge.server.api.Keys;
import selvedge.server.api.MeasuredStream;
import selvedge.server.api.Request;
import selvedge.server.api.Response;
import selvedge.server.api.Spool;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * {@code …/bulk} and {@code …/bulk/delete}.
 *
 * <p>A body arrives whole, in a file, before it is looked at, and is checked whole before anything
 * of it happens. Only so many are worked on at one time, because a single pair may be large.
 */
final class BulkEndpoint {
  private static final int SLICE_MUTATIONS = 500;

  private final Limits limits;
  private final InstantSource clock;
  private final Path spool;
  private final Semaphore atWork;

  BulkEndpoint(Limits limits, InstantSource clock, Path spool) {
    this.limits = limits;
    this.clock = clock;
    this.spool = spool;
    this.atWork = new Semaphore(limits.size(Limit.BULK_REQUESTS));
  }

  /** Hears how many keys a request is about, before any of them changes. */
  interface Counting {
    void expect(int keys);
  }

  Response put(Request request, Namespace namespace, Counting counting) throws IOException {
    try (Spool body = receive(request, "bulk put")) {
      atWork.acquireUninterruptibly();
      try {
        var pairs = new BulkPairs(limits, clock.instant());
        int count;
        try (InputStream first = body.open()) {
          count = pairs.read(first, _ -> {});
        }
        counting.expect(count);
        try (InputStream second = body.open()) {
          var slices = new Slices(namespace);
          pairs.read(second, slices::put);
          slices.flush();
        }
        return done(count);
      } finally {
        atWork.release();
      }
    }
  }

  Response delete(Request request, Namespace namespace, Counting counting) throws IOException {
    try (Spool body = receive(request, "bulk remove keys")) {
      atWork.acquireUninterruptibly();
      try {
        List<Key> keys;
        try (InputStream in = body.open()) {
          keys = names(in);
        }
        counting.expect(keys.size());
        var slices = new Slices(namespace);
        for (Key key : keys) {
          slices.add(new Mutation.Delete(key));
        }
        slices.flush();
        return done(keys.size());
      } finally {
        atWork.release();
      }
    }
  }

  private Spool receive(Request request, String operation) throws IOException {
    long most = limits.get(Limit.BULK_BYTES);
    if (request.contentLength().orElse(0) > most) {
      throw tooLarge(operation, request.contentLength().orElse(0), most);
    }
    var spooled = new Spool(spool);
    try {
      new MeasuredStream(request.body(), most).transferTo(spooled);
      return spooled;
    } catch (IOException | RuntimeException e) {
      spooled.close();
      throw e;
    }
  }

  private static RestFailure tooLarge(String operation, long length, long most) {
    return new RestFailure(
        413, 10024, operation + ": 'Body of " + length + " bytes exceeds limit of " + most + ".'");
  }

  private List<Key> names(InputStream body) {
    List<Key> keys = new ArrayList<>();
    long most = limits.get(Limit.BULK_PAIRS);
    try (JsonParser json = Json.parser(body)) {
      if (json.nextToken() != JsonToken.START_ARRAY) {
        throw malformed("the body is not a JSON array");
      }
      int count = 0;
      for (JsonToken token = json.nextToken();
          token != JsonToken.END_ARRAY;
          token = json.nextToken()) {
        if (token != JsonToken.VALUE_STRING) {
          throw malformed("element " + count + " is not a string");
        }
        count++;
        if (count <= most) {
          keys.add(Keys.of(Bytes.utf8(json.getString()), limits));
        }
      }
      if (count > most) {
        throw malformed("received " + count + " keys, but max allowed per request is: " + most);
      }
    } catch (JacksonException e) {
      throw malformed("the body is not JSON: " + e.getOriginalMessage());
    }
    return keys;
  }

  private static RestFailure malformed(String what) {
    return new RestFailure(400, 10012, "bulk remove keys: '" + what + "'");
  }

  private static Response done(int count) {
    return Envelope.success(
        json -> {
          json.writeStartObject();
          json.writeNumberProperty("successful_key_count", count);
          json.writeArrayPropertyStart("unsuccessful_keys");
          json.writeEndArray();
          json.writeEndObject();
        });
  }

  /** Collects mutations and writes them when there are enough for a commit of their own. */
  private final class Slices {
    private final Namespace namespace;
    private final List<Mutation> slice = new ArrayList<>();
    private long bytes;

    Slices(Namespace namespace) {
      this.namespace = namespace;
    }

    void put(Mutation.Put pair) {
      if (pair.value().length() > limits.get(Limit.INLINE_BYTES)) {
        flush();
        namespace.put(
            pair.key(),
            pair.value(),
            new Put(pair.metadata(), pair.expiry(), Put.PLAIN.condition()));
        return;
      }
      bytes += pair.value().length();
      add(pair);
    }

    void add(Mutation mutation) {
      slice.add(mutation);
      if (slice.size() >= SLICE_MUTATIONS || bytes >= limits.get(Limit.BATCH_BYTES)) {
        flush();
      }
    }

    void flush() {
      if (!slice.isEmpty()) {
        namespace.write(slice);
        slice.clear();
        bytes = 0;
      }
    }
  }
}
