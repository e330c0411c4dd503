package selvedge.server.api.binding;

import java.util.Optional;
import selvedge.model.Bytes;
import selvedge.model.Limit;
import selvedge.model.Limits;
import selvedge.model.Listing;
import selvedge.model.Namespace;
import selvedge.model.NamespaceId;
import selvedge.model.Page;
import selvedge.server.api.Body;
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

/** Lists the keys of a namespace page by page. */
final class ListEndpoint {
  private static final int PAGE_KEYS_DEFAULT = 1000;

  private final Limits limits;

  ListEndpoint(Limits limits) {
    this.limits = limits;
  }

  Response list(Request request, NamespaceId id, Namespace namespace) {
    Query query = Query.of(request);
    Bytes prefix = Keys.prefix(query.bytes("prefix").orElse(Bytes.EMPTY), limits);
    Bytes from = from(query, id, prefix);
    int limit = limit(query);
    KeyArray.hold(request, limit);
    Page page = namespace.list(new Listing(prefix, from, limit));
    Bytes body = Json.bytes(json -> write(json, page, id, prefix));
    return Response.of(
        200,
        new Body.Held(body),
        new Response.Header(HeaderNames.CONTENT_TYPE, Json.CONTENT_TYPE),
        new Response.Header(HeaderNames.CF_CACHE_STATUS, "MISS"));
  }

  private static Bytes from(Query query, NamespaceId id, Bytes prefix) {
    Optional<String> cursor = query.text("cursor").filter(text -> !text.isEmpty());
    if (cursor.isEmpty()) {
      return Bytes.EMPTY;
    }
    return Cursor.decode(id, prefix, cursor.get())
        .orElseThrow(
            () ->
                new BindingFailure(
                    400,
                    "Invalid cursor. It belongs to another listing: repeat the prefix of the first"
                        + " page, or start without a cursor."))
        .successor();
  }

  private int limit(Query query) {
    int most = limits.size(Limit.PAGE_KEYS);
    Optional<String> text = query.text("key_count_limit");
    if (text.isEmpty()) {
      return Math.min(PAGE_KEYS_DEFAULT, most);
    }
    int limit = number(text.get());
    if (limit < 1) {
      throw badLimit(text.get(), "greater than 0");
    }
    if (limit > most) {
      throw badLimit(text.get(), "less than " + most);
    }
    return limit;
  }

  private static int number(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  private static BindingFailure badLimit(String text, String right) {
    return new BindingFailure(
        400, "Invalid key_count_limit of " + text + ". Please specify an integer " + right + ".");
  }

  private static void write(JsonGenerator json, Page page, NamespaceId id, Bytes prefix) {
    json.writeStartObject();
    json.writeName("keys");
    KeyArray.write(json, page.entries(), MetadataForm.TEXT);
    json.writeBooleanProperty("list_complete", page.complete());
    if (!page.complete()) {
      json.writeStringProperty("cursor", Cursor.encode(id, prefix, page.lastKey()));
    }
    json.writeEndObject();
  }
}
