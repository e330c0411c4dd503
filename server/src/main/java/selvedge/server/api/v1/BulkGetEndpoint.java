package selvedge.server.api.v1;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import selvedge.engine.replication.Descent;
import selvedge.engine.replication.Openings;
import selvedge.model.Entry;
import selvedge.model.Expiry;
import selvedge.model.InvalidRequestException;
import selvedge.model.Key;
import selvedge.model.Limit;
import selvedge.model.LimitExceededException;
import selvedge.model.Limits;
import selvedge.model.Lookup;
import selvedge.model.Metadata;
import selvedge.model.NamespaceId;
import selvedge.model.ReadOptions;
import selvedge.model.SelvedgeException;
import selvedge.model.Version;
import selvedge.model.wire.Message;
import selvedge.model.wire.MessageWriter;
import selvedge.model.wire.Omitted;
import selvedge.server.api.Body;
import selvedge.server.api.HeaderNames;
import selvedge.server.api.Json;
import selvedge.server.api.Keys;
import selvedge.server.api.Query;
import selvedge.server.api.Response;
import selvedge.server.api.shared.BulkGet;
import selvedge.server.api.shared.MeasuredStream;
import selvedge.server.quota.Allowance;
import selvedge.server.quota.Quota;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** {@code …/bulk/get}: the entries of many keys in frames. Safe for use by many threads. */
public final class BulkGetEndpoint {
  /** The memory of an answer beside the values: a chunk of a value, and two pieces. */
  private static final long ANSWER_BYTES = 768 * 1024;

  private final Allowance allowance;
  private final Limits limits;
  private final Supplier<Version> latest;
  private final Supplier<Descent> descent;
  private final BiFunction<NamespaceId, Key, Lookup> stored;

  /**
   * @param stored looks up an entry, expired or not
   */
  public BulkGetEndpoint(
      Allowance allowance,
      Limits limits,
      Supplier<Version> latest,
      Supplier<Descent> descent,
      BiFunction<NamespaceId, Key, Lookup> stored) {
    this.allowance = allowance;
    this.limits = limits;
    this.latest = latest;
    this.descent = descent;
    this.stored = stored;
  }

  /**
   * Reads the first keys before the answer starts, so that a failure can still change its status.
   */
  Response read(NamespaceRequest place) throws IOException {
    List<Key> keys = keys(place);
    boolean outlines = outlines(place);
    allowance.spend(place.account(), Quota.READS, keys.size());
    Version version = latest.get();
    int most = BulkGet.keysAtOnce(place.request().memory(), keys.size(), limits, ANSWER_BYTES);
    var answer = new Answer(place, outlines, most);
    List<Lookup> first = answer.look(keys.subList(0, most));
    List<Key> rest = keys.subList(most, keys.size());
    Descent here = descent.get();
    Response response =
        Response.of(
            200,
            new Body.Written(
                out -> {
                  var writer = new MessageWriter(out);
                  writer.write(new Message.Hello(here.epoch(), version));
                  answer.write(writer, first, rest, here.openings().newest());
                }),
            new Response.Header(HeaderNames.CONTENT_TYPE, "application/vnd.selvedge.entries"));
    boolean named = place.request().header(HeaderNames.SELVEDGE_OPENING).isPresent();
    return named
        ? response.header(HeaderNames.SELVEDGE_OPENING, Openings.idText(here.openings().newest()))
        : response;
  }

  private List<Key> keys(NamespaceRequest place) throws IOException {
    try (var body = MeasuredStream.bodyOf(place.request(), limits.get(Limit.JSON_BODY_BYTES))) {
      return Json.read(body, this::keys);
    } catch (JacksonException e) {
      throw malformed();
    }
  }

  private List<Key> keys(JsonParser json) {
    List<Key> keys = new ArrayList<>();
    requireToken(json, JsonToken.START_OBJECT);
    while (json.nextToken() == JsonToken.PROPERTY_NAME) {
      boolean wanted = json.currentName().equals("keys");
      json.nextToken();
      if (wanted) {
        read(json, keys);
      } else {
        json.skipChildren();
      }
    }
    if (keys.isEmpty() || json.nextToken() != null) {
      throw malformed();
    }
    return keys;
  }

  private void read(JsonParser json, List<Key> keys) {
    if (json.currentToken() != JsonToken.START_ARRAY) {
      throw malformed();
    }
    while (json.nextToken() != JsonToken.END_ARRAY) {
      if (json.currentToken() != JsonToken.VALUE_STRING) {
        throw malformed();
      }
      keys.add(Keys.of(json.getString(), limits));
      if (keys.size() > limits.get(Limit.BULK_GET_KEYS)) {
        throw new LimitExceededException(
            "a request must name at most " + limits.get(Limit.BULK_GET_KEYS) + " keys");
      }
    }
  }

  private static void requireToken(JsonParser json, JsonToken token) {
    if (json.nextToken() != token) {
      throw malformed();
    }
  }

  private static InvalidRequestException malformed() {
    return new InvalidRequestException(
        "the body must be a JSON object such as {\"keys\":[\"a\",\"b\"]}");
  }

  private static boolean outlines(NamespaceRequest place) {
    String large = Query.of(place.request()).text("large").orElse("send");
    return switch (large) {
      case "send" -> false;
      case "omit" -> true;
      default ->
          throw new InvalidRequestException("large must be send or omit, got \"" + large + "\"");
    };
  }

  /** An answer that is being written. Belongs to one thread. */
  private final class Answer {
    private final NamespaceRequest place;
    private final boolean outlines;
    private final int atOnce;
    private long count;
    private long bytes;

    Answer(NamespaceRequest place, boolean outlines, int atOnce) {
      this.place = place;
      this.outlines = outlines;
      this.atOnce = atOnce;
    }

    List<Lookup> look(List<Key> keys) {
      List<Lookup> found = place.namespace().getAll(keys, ReadOptions.PLAIN);
      if (!outlines) {
        return found;
      }
      List<Lookup> outlined = new ArrayList<>(found);
      for (int i = 0; i < outlined.size(); i++) {
        if (outlined.get(i) instanceof Lookup.Missing) {
          outlined.set(i, expired(keys.get(i), outlined.get(i)));
        }
      }
      return outlined;
    }

    /**
     * Returns an entry that has expired by the clock of this server. An edge must not remember that
     * it is missing, because this clock may be wrong.
     */
    private Lookup expired(Key key, Lookup missing) {
      return stored.apply(place.id(), key) instanceof Lookup.Found(Entry entry, Version asOf)
              && entry.expiry() instanceof Expiry.At
          ? new Lookup.Found(withoutContent(entry), asOf)
          : missing;
    }

    private static Entry withoutContent(Entry entry) {
      return new Entry(
          entry.key(),
          new Omitted(entry.value().length()),
          Metadata.NONE,
          entry.expiry(),
          entry.version());
    }

    void write(MessageWriter out, List<Lookup> first, List<Key> rest, long opening)
        throws IOException {
      String failure = "";
      try {
        write(out, first);
        for (int from = 0; from < rest.size(); from += atOnce) {
          write(out, look(rest.subList(from, Math.min(rest.size(), from + atOnce))));
        }
        if (!rest.isEmpty() && descent.get().openings().newest() != opening) {
          failure = "this server has begun a new opening meanwhile: read again";
        }
      } catch (SelvedgeException e) {
        failure = String.valueOf(e.getMessage());
      }
      out.write(new Message.End(count, failure));
    }

    private void write(MessageWriter out, List<Lookup> lookups) throws IOException {
      for (Lookup lookup : lookups) {
        if (lookup instanceof Lookup.Found(Entry entry, Version _)) {
          Entry sent = outlines ? outline(entry) : entry;
          requireRoom(sent);
          out.write(new Message.Placed(place.id(), sent));
          count++;
        }
      }
    }

    private void requireRoom(Entry entry) {
      bytes += entry.value() instanceof Omitted ? 0 : entry.value().length();
      if (bytes > limits.get(Limit.BULK_GET_BYTES)) {
        throw new LimitExceededException(
            "the values have more than " + limits.get(Limit.BULK_GET_BYTES) + " bytes");
      }
    }

    private Entry outline(Entry entry) {
      return entry.value() instanceof Omitted
              || entry.value().length() <= limits.get(Limit.INLINE_BYTES)
          ? entry
          : Omitted.outline(entry);
    }
  }
}
