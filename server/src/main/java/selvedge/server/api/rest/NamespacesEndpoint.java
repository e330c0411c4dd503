package selvedge.server.api.rest;

import java.io.IOException;
import java.io.InputStream;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import selvedge.model.Limit;
import selvedge.model.Limits;
import selvedge.model.NamespaceInfo;
import selvedge.model.NamespaceMode;
import selvedge.model.Namespaces;
import selvedge.model.TitleTakenException;
import selvedge.server.access.Right;
import selvedge.server.api.Json;
import selvedge.server.api.Query;
import selvedge.server.api.Response;
import selvedge.server.api.shared.MeasuredStream;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;

/** {@code …/namespaces} and {@code …/namespaces/{id}}. */
final class NamespacesEndpoint {
  private static final int PER_PAGE_DEFAULT = 20;

  private final Namespaces namespaces;
  private final Limits limits;

  NamespacesEndpoint(Namespaces namespaces, Limits limits) {
    this.namespaces = namespaces;
    this.limits = limits;
  }

  Response list(Call call) {
    Query query = Query.of(call.request());
    int page = number(query, "page", 1, Integer.MAX_VALUE, 10007);
    int perPage =
        number(query, "per_page", PER_PAGE_DEFAULT, limits.size(Limit.PAGE_NAMESPACES), 10008);
    List<NamespaceInfo> all =
        ordered(
            namespaces.list(call.account()).stream()
                .filter(
                    info -> call.caller().keys(Right.READ, call.account(), info.id()).isPresent())
                .toList(),
            query);
    int from = (int) Math.min((page - 1L) * perPage, all.size());
    List<NamespaceInfo> shown = all.subList(from, Math.min(from + perPage, all.size()));
    return Envelope.success(
        json -> {
          json.writeStartArray();
          shown.forEach(info -> write(json, info));
          json.writeEndArray();
        },
        json -> {
          json.writeObjectPropertyStart("result_info");
          json.writeNumberProperty("page", page);
          json.writeNumberProperty("per_page", perPage);
          json.writeNumberProperty("count", shown.size());
          json.writeNumberProperty("total_count", all.size());
          json.writeNumberProperty("total_pages", (all.size() + perPage - 1) / perPage);
          json.writeEndObject();
        });
  }

  private static int number(Query query, String name, int otherwise, int most, int code) {
    Optional<String> text = query.text(name);
    if (text.isEmpty()) {
      return otherwise;
    }
    try {
      int number = Integer.parseInt(text.get());
      if (number >= 1 && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      throw malformed(name, most, text.get(), code);
    }
    throw malformed(name, most, text.get(), code);
  }

  private static RestFailure malformed(String name, int most, String text, int code) {
    return new RestFailure(
        400, code, "list namespaces: '" + name + " is 1 to " + most + ", not " + text + "'");
  }

  /**
   * @param all the namespaces in the order of their titles
   */
  private static List<NamespaceInfo> ordered(List<NamespaceInfo> all, Query query) {
    String order = query.text("order").orElse("title");
    String direction = query.text("direction").orElse("asc");
    List<NamespaceInfo> ascending =
        switch (order) {
          case "id" -> all.stream().sorted(Comparator.comparing(NamespaceInfo::id)).toList();
          case "title" -> all;
          default ->
              throw new RestFailure(
                  400, 10043, "list namespaces: 'order is id or title, not " + order + "'");
        };
    return switch (direction) {
      case "asc" -> ascending;
      case "desc" -> ascending.reversed();
      default ->
          throw new RestFailure(
              400, 10044, "list namespaces: 'direction is asc or desc, not " + direction + "'");
    };
  }

  Response create(Call call) throws IOException {
    call.require(Right.ADMIN);
    Definition definition = definition(call, "create namespace");
    NamespaceMode mode = definition.requireMode();
    definition.requireNoJurisdiction();
    NamespaceInfo info =
        taking(
            call,
            "create namespace",
            () -> namespaces.create(call.account(), definition.title(), mode));
    return Envelope.success(json -> write(json, info));
  }

  Response read(NamespaceInfo info) {
    return Envelope.success(json -> write(json, info));
  }

  /**
   * Requires a right on the whole account. Otherwise the administrator of one namespace could probe
   * for the titles of others, because a title that is taken is refused.
   */
  Response rename(Call call, NamespaceInfo info) throws IOException {
    call.require(Right.ADMIN);
    String title = definition(call, "rename namespace").title();
    NamespaceInfo renamed =
        taking(call, "rename namespace", () -> namespaces.rename(info.id(), title));
    return Envelope.success(json -> write(json, renamed));
  }

  /** Adds the id of the namespace that has the title to the failure, if the caller may see it. */
  private static NamespaceInfo taking(Call call, String operation, Supplier<NamespaceInfo> change) {
    try {
      return change.get();
    } catch (TitleTakenException e) {
      RestFailure failure = RestErrors.failure(e, operation);
      throw call.caller().may(Right.READ, call.account(), e.holder())
          ? failure.because(10014, "its id is " + e.holder())
          : failure;
    }
  }

  Response delete(NamespaceInfo info) {
    namespaces.delete(info.id());
    return Envelope.success(Envelope.NULL);
  }

  private Definition definition(Call call, String operation) throws IOException {
    InputStream body = MeasuredStream.bodyOf(call.request(), limits.get(Limit.JSON_BODY_BYTES));
    Definition definition;
    try {
      definition = Json.read(body, Definition::read);
    } catch (JacksonException e) {
      throw new RestFailure(400, 6008, operation + ": 'the body is not JSON'");
    }
    String title = definition.title();
    if (title.isEmpty()) {
      throw new RestFailure(400, 10019, operation + ": 'request is missing a title definition'");
    }
    long most = limits.get(Limit.TITLE_CHARACTERS);
    if (title.codePointCount(0, title.length()) > most) {
      throw new RestFailure(
          400, 10019, operation + ": 'a title has at most " + most + " characters'");
    }
    return definition;
  }

  private static void write(JsonGenerator json, NamespaceInfo info) {
    json.writeStartObject();
    json.writeStringProperty("id", info.id().hex());
    json.writeStringProperty("title", info.title());
    if (info.mode() != NamespaceMode.UNSET) {
      json.writeStringProperty("mode", info.mode().text());
    }
    json.writeBooleanProperty("supports_url_encoding", true);
    json.writeEndObject();
  }
}
