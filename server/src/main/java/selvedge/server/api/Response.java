package selvedge.server.api;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import selvedge.model.Bytes;

/**
 * One HTTP answer. Immutable.
 *
 * @param reason the reason phrase, which HTTP/1.1 sends and which carries the errors of the binding
 */
public record Response(int status, String reason, List<Header> headers, Body body) {

  /** One header; each char of the value is one byte on the wire. */
  public record Header(String name, String value) {}

  public Response {
    headers = List.copyOf(headers);
  }

  public static Response of(int status, Body body, Header... headers) {
    return new Response(status, Reasons.standard(status), List.of(headers), body);
  }

  /** Returns an answer for people; half a surrogate pair becomes the replacement character. */
  public static Response text(int status, String contentType, String text) {
    return of(
        status, new Body.Held(Json.utf8(text)), new Header(HeaderNames.CONTENT_TYPE, contentType));
  }

  /** Returns the number of bytes of the body that are in memory. */
  public long heldBytes() {
    return body instanceof Body.Held(Bytes bytes) ? bytes.size() : 0;
  }

  public Response reason(String phrase) {
    return new Response(status, phrase, headers, body);
  }

  public Response header(String name, String value) {
    return with(new Header(name, value));
  }

  public Response with(Header... added) {
    List<Header> more = new ArrayList<>(headers);
    Collections.addAll(more, added);
    return new Response(status, reason, more, body);
  }

  /** Returns the first header of that name, in any case. */
  public Optional<String> header(String name) {
    return headers.stream()
        .filter(header -> header.name().equalsIgnoreCase(name))
        .map(Header::value)
        .findFirst();
  }
}
