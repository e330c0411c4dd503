package selvedge.server.http;

import java.io.IOException;

/** A client that took longer for the next piece than it may. */
final class SlowClientException extends IOException {
  SlowClientException(String message) {
    super(message);
  }
}
