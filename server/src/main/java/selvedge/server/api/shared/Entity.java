package selvedge.server.api.shared;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import selvedge.model.Bytes;
import selvedge.model.Condition;
import selvedge.model.Entry;
import selvedge.model.Expiry;
import selvedge.model.InvalidRequestException;
import selvedge.model.Metadata;
import selvedge.model.Value;
import selvedge.model.Version;
import selvedge.server.api.Body;
import selvedge.server.api.HeaderNames;
import selvedge.server.api.Reasons;
import selvedge.server.api.Request;
import selvedge.server.api.Response;

/** An entry as an HTTP resource: its headers, conditions and ranges. */
public final class Entity {
  private Entity() {}

  /** Returns the answer to a GET or HEAD of the entry. */
  public static Response response(Request request, Entry entry, Response.Header... more) {
    String tag = tag(entry.version());
    List<Response.Header> headers = headers(entry, tag);
    Collections.addAll(headers, more);
    Optional<String> known = request.header(HeaderNames.IF_NONE_MATCH);
    if (known.isPresent() && matches(known.get(), tag)) {
      return Response.of(304, Body.NONE, headers.toArray(Response.Header[]::new));
    }
    headers.add(new Response.Header(HeaderNames.CONTENT_TYPE, "application/octet-stream"));
    Value value = entry.value();
    Optional<String> range =
        request
            .header(HeaderNames.RANGE)
            .filter(_ -> request.header(HeaderNames.IF_RANGE).orElse(tag).equals(tag));
    return range
        .flatMap(text -> Range.parse(text, value.length()))
        .map(part -> partial(request, part, value, headers))
        .orElseGet(() -> whole(request, value, headers));
  }

  private static Response whole(Request request, Value value, List<Response.Header> headers) {
    return new Response(
        200, Reasons.standard(200), headers, body(request, value, 0, value.length()));
  }

  private static Response partial(
      Request request, Range range, Value value, List<Response.Header> headers) {
    if (range.isUnsatisfiable()) {
      return Response.of(
          416,
          Body.NONE,
          new Response.Header(HeaderNames.CONTENT_RANGE, "bytes */" + value.length()));
    }
    headers.add(
        new Response.Header(
            HeaderNames.CONTENT_RANGE,
            "bytes " + range.first() + "-" + range.last() + "/" + value.length()));
    return new Response(
        206, Reasons.standard(206), headers, body(request, value, range.first(), range.length()));
  }

  private static Body body(Request request, Value value, long offset, long length) {
    if (request.method().equals("HEAD")) {
      return new Body.Announced(length);
    }
    if (value instanceof Bytes bytes) {
      return new Body.Held(bytes.slice((int) offset, (int) length));
    }
    return new Body.Streamed(value, offset, length);
  }

  private static List<Response.Header> headers(Entry entry, String tag) {
    List<Response.Header> headers = new ArrayList<>();
    headers.add(new Response.Header(HeaderNames.ETAG, tag));
    headers.add(new Response.Header(HeaderNames.SELVEDGE_VERSION, entry.version().toString()));
    if (entry.expiry() instanceof Expiry.At at) {
      headers.add(new Response.Header(HeaderNames.EXPIRATION, Long.toString(at.wholeSecond())));
    }
    if (entry.metadata().isPresent()) {
      headers.add(new Response.Header(HeaderNames.CF_KV_METADATA, rawText(entry.metadata())));
    }
    return headers;
  }

  /**
   * Returns metadata as a header value: UTF-8 with one char for each byte. Of the characters of
   * JSON only DEL is not allowed in a header.
   */
  private static String rawText(Metadata metadata) {
    return new String(metadata.json().toArray(), StandardCharsets.ISO_8859_1)
        .replace("\u007f", "\\u007f");
  }

  public static String tag(Version version) {
    return "\"" + version + "\"";
  }

  private static boolean matches(String tags, String tag) {
    if (tags.strip().equals("*")) {
      return true;
    }
    for (String each : tags.split(",", -1)) {
      String stripped = each.strip();
      if (stripped.equals(tag) || stripped.equals("W/" + tag)) {
        return true;
      }
    }
    return false;
  }

  /** Returns the condition that the entry in place must meet before it is changed. */
  public static Condition condition(Request request) {
    Optional<String> absent = request.header(HeaderNames.IF_NONE_MATCH);
    if (absent.isPresent()) {
      if (!absent.get().strip().equals("*")) {
        throw new InvalidRequestException(
            "If-None-Match of a write must be *, which means: only if there is no entry");
      }
      return Condition.ABSENT;
    }
    return request.header(HeaderNames.IF_MATCH).map(Entity::version).orElse(Condition.ALWAYS);
  }

  private static Condition version(String tag) {
    String stripped = tag.strip();
    if (stripped.length() > 2 && stripped.startsWith("\"") && stripped.endsWith("\"")) {
      try {
        String number = stripped.substring(1, stripped.length() - 1);
        return Condition.version(new Version(Long.parseLong(number)));
      } catch (NumberFormatException e) {
        throw badTag(tag);
      }
    }
    throw badTag(tag);
  }

  private static InvalidRequestException badTag(String tag) {
    return new InvalidRequestException(
        "If-Match must be the ETag of a read, such as \"42\" with its quotes, got " + tag);
  }
}
