package selvedge.server.api.binding;

import selvedge.model.SelvedgeException;

/** A status and a reason phrase as an exception. */
final class BindingFailure extends SelvedgeException {
  private final int status;

  BindingFailure(int status, String phrase) {
    super(Remedy.CALLER, phrase);
    this.status = status;
  }

  int status() {
    return status;
  }
}
