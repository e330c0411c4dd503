package selvedge.spring.session;

import selvedge.model.SelvedgeException;

/**
 * Thrown when a session cannot be read or written, because its store does not answer or refuses.
 */
public final class SessionStoreException extends RuntimeException {
  SessionStoreException(SelvedgeException cause) {
    super("the session store does not answer: " + cause.getMessage(), cause);
  }
}
