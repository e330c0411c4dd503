package selvedge.server.http;

import java.io.IOException;

/** A client sends the body of its request too slowly. */
final class SlowClientException extends IOException {
  SlowClientException(String message) {
    super(message);
  }
}
