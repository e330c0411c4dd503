package selvedge.server.api.v1;

import selvedge.model.SelvedgeException;

/** An answer with an error, thrown from wherever it is found out. */
final class NativeFailure extends SelvedgeException {
  private final int status;
  private final String code;

  NativeFailure(int status, String code, String message) {
    super(Remedy.CALLER, message);
    this.status = status;
    this.code = code;
  }

  static NativeFailure forbidden(String message) {
    return new NativeFailure(403, "forbidden", message);
  }

  int status() {
    return status;
  }

  String code() {
    return code;
  }
}
