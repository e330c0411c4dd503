package selvedge.server.http;

import java.util.concurrent.TimeUnit;

/** A least rate, at which bytes have to come on average. */
record Rate(long bytesPerSecond) {

  boolean isTooSlow(long bytes, long nanos) {
    return bytes < bytesPerSecond * TimeUnit.NANOSECONDS.toSeconds(nanos);
  }
}
