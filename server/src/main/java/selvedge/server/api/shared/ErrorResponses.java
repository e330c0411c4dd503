package selvedge.server.api.shared;

import java.io.IOException;
import java.io.UncheckedIOException;
import selvedge.model.SelvedgeException;
import selvedge.server.api.Response;

/** How a protocol answers failures. Safe for use by many threads. */
public interface ErrorResponses {

  /** An action that may fail. */
  interface Action {
    Response run() throws IOException;
  }

  /** Returns the answer to a failure with a known cause. */
  Response of(SelvedgeException failure);

  /** Returns the answer to a body that is incomplete or malformed. */
  Response of(IOException failure);

  /** Returns the answer of the action, or the answer to its failure. */
  default Response answer(Action action) {
    try {
      return action.run();
    } catch (SelvedgeException e) {
      return of(e);
    } catch (UncheckedIOException e) {
      IOException cause = e.getCause();
      return of(cause == null ? new IOException(e) : cause);
    } catch (IOException e) {
      return of(e);
    }
  }
}
