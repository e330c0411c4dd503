package selvedge.server.http;

import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * Formats the {@code Date} header and the fixed header fields of all responses once a second. Safe
 * for use by many threads.
 */
public final class HttpDate {
  private final InstantSource clock;
  private volatile Stamp stamp = new Stamp(0, "", "");

  private record Stamp(long second, String text, String lines) {}

  public HttpDate(InstantSource clock) {
    this.clock = clock;
  }

  String text() {
    return stamp().text();
  }

  /** Returns the header lines of HTTP/1.1 that each response of this second has. */
  String lines() {
    return stamp().lines();
  }

  private Stamp stamp() {
    long second = clock.millis() / 1000;
    Stamp current = stamp;
    if (current.second() != second) {
      String text =
          DateTimeFormatter.RFC_1123_DATE_TIME.format(
              Instant.ofEpochSecond(second).atOffset(ZoneOffset.UTC));
      current = new Stamp(second, text, "date: " + text + "\r\n" + ResponseHeads.STANDING_LINES);
      stamp = current;
    }
    return current;
  }
}
