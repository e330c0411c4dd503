package selvedge.client;

import java.io.IOException;

/** An answer that arrived as it was sent, and whose form this client does not know. */
final class UnknownFormException extends IOException {
  UnknownFormException(String message) {
    super(message);
  }
}
