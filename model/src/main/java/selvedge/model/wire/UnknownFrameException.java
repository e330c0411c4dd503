package selvedge.model.wire;

import java.io.IOException;

/** A frame that arrived as it was sent, and whose type this release does not know. */
public final class UnknownFrameException extends IOException {
  UnknownFrameException(int type) {
    super("a frame of the type " + type);
  }
}
