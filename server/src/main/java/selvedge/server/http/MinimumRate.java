package selvedge.server.http;

import java.util.concurrent.TimeUnit;

/** The minimum average rate of a body. */
record MinimumRate(long bytesPerSecond) {

  boolean isTooSlow(long bytes, long nanos) {
    return bytes < bytesPerSecond * TimeUnit.NANOSECONDS.toSeconds(nanos);
  }
}
