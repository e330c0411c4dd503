package selvedge.server.api.v1;

import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import selvedge.model.Bytes;
import selvedge.model.Entry;
import selvedge.model.Get;
import selvedge.model.InvalidRequestException;
import selvedge.model.Key;
import selvedge.model.Limit;
import selvedge.model.Limits;
import selvedge.model.Lookup;
import selvedge.model.SelvedgeException;
import selvedge.model.Version;
import selvedge.model.wire.Message;
import selvedge.model.wire.MessageWriter;
import selvedge.model.wire.Omitted;
import selvedge.server.api.Body;
import selvedge.server.api.Json;
import selvedge.server.api.Keys;
import selvedge.server.api.MeasuredStream;
import selvedge.server.api.Query;
import selvedge.server.api.Response;
import selvedge.server.quota.Allowance;
import selvedge.server.quota.Quota;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** {@code …/bulk/get}: what many keys hold, in frames. Safe for use by many threads. */
public final class ManyEndpoint {
  private static final int KEYS_AT_ONCE = 100;

  private final Allowance allowance;
  private final Limits limits;
  private final Supplier<Version> latest;
  private final LongSupplier epoch;

  public ManyEndpoint(
      Allowance allowance, Limits limits, Supplier<Version> latest, LongSupplier epoch) {
    this.allowance = allowance;
    this.limits = limits;
    this.latest = latest;
    this.epoch = epoch;
  }

  /**
   * What fits into one read is read before the answer begins, so that a failure can still say so.
   */
  Response read(Place place) throws IOException {
    List<Key> keys = keys(place);
    boolean outlines = outlines(place);
    allowance.spend(place.account(), Quota.READS, keys.size());
    Version version = latest.get();
    int most = Math.min(keys.size(), KEYS_AT_ONCE);
    List<Lookup> first = place.namespace().getAll(keys.subList(0, most), Get.PLAIN);
    List<Key> rest = keys.subList(most, keys.size());
    return Response.of(
        200,
        new Body.Written(
            out -> new Answer(place, outlines, out).write(epoch.getAsLong(), version, first, rest)),
        new Response.Header("Content-Type", "application/vnd.selvedge.entries"));
  }

  private List<Key> keys(Place place) throws IOException {
    try (var body = MeasuredStream.bodyOf(place.request(), limits.get(Limit.JSON_BODY_BYTES))) {
      JsonNode keys = Json.tree(Bytes.adopt(body.readAllBytes())).path("keys");
      List<Key> named = new ArrayList<>();
      for (JsonNode key : keys) {
        if (!key.isString()) {
          throw malformed();
        }
        named.add(Keys.of(key.asString(), limits));
      }
      if (named.isEmpty()) {
        throw malformed();
      }
      return named;
    } catch (JacksonException e) {
      throw malformed();
    }
  }

  private static InvalidRequestException malformed() {
    return new InvalidRequestException("this takes a JSON object such as {\"keys\":[\"a\",\"b\"]}");
  }

  private static boolean outlines(Place place) {
    String large = Query.of(place.request()).text("large").orElse("send");
    return switch (large) {
      case "send" -> false;
      case "omit" -> true;
      default -> throw new InvalidRequestException("large is send or omit, not \"" + large + "\"");
    };
  }

  /** An answer on its way. Belongs to one thread. */
  private final class Answer {
    private final Place place;
    private final boolean outlines;
    private final MessageWriter out;
    private long count;

    Answer(Place place, boolean outlines, OutputStream out) {
      this.place = place;
      this.outlines = outlines;
      this.out = new MessageWriter(out);
    }

    void write(long epoch, Version version, List<Lookup> first, List<Key> rest) throws IOException {
      out.write(new Message.Hello(epoch, version));
      String failure = "";
      try {
        write(first);
        for (int from = 0; from < rest.size(); from += KEYS_AT_ONCE) {
          List<Key> keys = rest.subList(from, Math.min(rest.size(), from + KEYS_AT_ONCE));
          write(place.namespace().getAll(keys, Get.PLAIN));
        }
      } catch (SelvedgeException e) {
        failure = String.valueOf(e.getMessage());
      }
      out.write(new Message.End(count, failure));
    }

    private void write(List<Lookup> lookups) throws IOException {
      for (Lookup lookup : lookups) {
        if (lookup instanceof Lookup.Found(Entry entry, Version _)) {
          out.write(new Message.Placed(place.id(), outlines ? outline(entry) : entry));
          count++;
        }
      }
    }

    private Entry outline(Entry entry) {
      return entry.value().length() <= limits.get(Limit.INLINE_BYTES)
          ? entry
          : Omitted.outline(entry);
    }
  }
}
