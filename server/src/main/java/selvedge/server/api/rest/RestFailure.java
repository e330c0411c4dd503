package selvedge.server.api.rest;

import java.util.ArrayList;
import java.util.List;
import selvedge.model.SelvedgeException;
import selvedge.server.api.Response;

/** An answer of the error table as an exception. */
final class RestFailure extends SelvedgeException {
  private final int status;
  private final int code;
  private final List<Cause> chain;
  private final List<Response.Header> headers;

  /** The cause of an error. */
  record Cause(int code, String message) {}

  RestFailure(int status, int code, String message) {
    this(status, code, message, List.of(), List.of());
  }

  private RestFailure(
      int status, int code, String message, List<Cause> chain, List<Response.Header> headers) {
    super(status < 500 ? Remedy.CALLER : Remedy.TIME, message);
    this.status = status;
    this.code = code;
    this.chain = List.copyOf(chain);
    this.headers = List.copyOf(headers);
  }

  RestFailure because(int causeCode, String message) {
    return new RestFailure(
        status,
        code,
        String.valueOf(getMessage()),
        List.of(new Cause(causeCode, message)),
        headers);
  }

  RestFailure header(String name, String value) {
    List<Response.Header> more = new ArrayList<>(headers);
    more.add(new Response.Header(name, value));
    return new RestFailure(status, code, String.valueOf(getMessage()), chain, more);
  }

  int status() {
    return status;
  }

  int code() {
    return code;
  }

  List<Cause> chain() {
    return chain;
  }

  List<Response.Header> headers() {
    return headers;
  }
}
