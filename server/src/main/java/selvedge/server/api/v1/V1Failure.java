package selvedge.server.api.v1;

import selvedge.model.SelvedgeException;
import selvedge.model.Version;

/** A status, a code and a message as an exception. */
final class V1Failure extends SelvedgeException {
  /** The code of a server that does not have changes yet which the sender has. */
  static final String BEHIND = "behind";

  private final int status;
  private final String code;
  private Version agreed = Version.NONE;

  V1Failure(int status, String code, String message) {
    super(Remedy.CALLER, message);
    this.status = status;
    this.code = code;
  }

  static V1Failure forbidden(String message) {
    return new V1Failure(403, "forbidden", message);
  }

  /** Sets the last version up to which the sender and this server have the same changes. */
  V1Failure agreed(Version version) {
    agreed = version;
    return this;
  }

  Version agreed() {
    return agreed;
  }

  int status() {
    return status;
  }

  String code() {
    return code;
  }
}
