package selvedge.server.api.rest;

import java.util.Optional;
import selvedge.model.Bytes;
import selvedge.model.Key;
import selvedge.model.Limit;
import selvedge.model.Limits;
import selvedge.model.Listing;
import selvedge.model.Namespace;
import selvedge.model.NamespaceId;
import selvedge.model.NamespaceInfo;
import selvedge.model.Page;
import selvedge.server.api.HeaderNames;
import selvedge.server.api.Json;
import selvedge.server.api.Keys;
import selvedge.server.api.Query;
import selvedge.server.api.Request;
import selvedge.server.api.Response;
import selvedge.server.api.shared.Cursor;
import selvedge.server.api.shared.KeyArray;
import selvedge.server.api.shared.KeyArray.MetadataForm;
import tools.jackson.core.JsonGenerator;

/** {@code …/keys}. */
final class KeysEndpoint {
  private final Limits limits;

  KeysEndpoint(Limits limits) {
    this.limits = limits;
  }

  Response list(Request request, NamespaceInfo info, Namespace namespace) {
    Query query = Query.of(request);
    Bytes prefix = Keys.prefix(query.bytes("prefix").orElse(Bytes.EMPTY), limits);
    var listing = new Listing(prefix, from(query, info.id(), prefix), limit(query));
    KeyArray.hold(request, listing.limit());
    Page page = namespace.list(listing);
    String cursor = page.complete() ? "" : Cursor.encode(info.id(), prefix, page.lastKey());
    return Envelope.success(
        json -> KeyArray.write(json, page.entries(), MetadataForm.JSON),
        json -> info(json, page.entries().size(), cursor));
  }

  /** Writes the cursor in both forms: older official clients read the inner one. */
  private static void info(JsonGenerator json, int count, String cursor) {
    json.writeObjectPropertyStart("result_info");
    json.writeNumberProperty("count", count);
    json.writeStringProperty("cursor", cursor);
    json.writeObjectPropertyStart("cursors");
    json.writeStringProperty("after", cursor);
    json.writeEndObject();
    json.writeEndObject();
  }

  private Bytes from(Query query, NamespaceId namespace, Bytes prefix) {
    Optional<String> cursor = query.text("cursor").filter(text -> !text.isEmpty());
    if (cursor.isPresent()) {
      return Cursor.decode(namespace, prefix, cursor.get())
          .orElseThrow(
              () ->
                  new RestFailure(
                      400,
                      10041,
                      "list keys: 'the cursor belongs to another listing: repeat the prefix of"
                          + " the first page, or start without a cursor'"))
          .successor();
    }
    Optional<Bytes> after = query.bytes("start_after").filter(start -> !start.isEmpty());
    if (after.isPresent()) {
      return Keys.prefix(after.get(), limits).successor();
    }
    return Keys.prefix(query.bytes("start").orElse(Bytes.EMPTY), limits);
  }

  private int limit(Query query) {
    int most = limits.size(Limit.PAGE_KEYS);
    Optional<String> text = query.text("limit");
    if (text.isEmpty()) {
      return Math.min(1000, most);
    }
    try {
      int limit = Integer.parseInt(text.get());
      if (limit >= 1 && limit <= most) {
        return limit;
      }
    } catch (NumberFormatException e) {
      throw badLimit(text.get(), most);
    }
    throw badLimit(text.get(), most);
  }

  private static RestFailure badLimit(String text, int most) {
    return new RestFailure(400, 10028, "list keys: 'limit is 1 to " + most + ", not " + text + "'");
  }

  /** {@code …/metadata/{key}}: null if the entry has none. */
  Response metadata(Key key, Namespace namespace) {
    var entry = ValuesEndpoint.found(namespace.get(key), "metadata");
    return Envelope.success(
            entry.metadata().isPresent()
                ? json -> Json.writeRaw(json, entry.metadata().json())
                : Envelope.NULL)
        .header(HeaderNames.SELVEDGE_VERSION, entry.version().toString());
  }
}
