package selvedge.server.api.binding;

import selvedge.model.SelvedgeException;

/** An answer with a status and a reason phrase, thrown from wherever it is found out. */
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
