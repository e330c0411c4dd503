package selvedge.model.wire;

import java.io.IOException;

/** A frame that is not valid, or not the one that the writer sent. */
public final class MalformedFrameException extends IOException {
  MalformedFrameException(String message) {
    super(message);
  }

  MalformedFrameException(String message, Throwable cause) {
    super(message, cause);
  }
}
