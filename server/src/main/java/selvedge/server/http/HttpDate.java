package selvedge.server.http;

import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * The {@code Date} header and the fields that every answer has, made once a second. Safe for use by
 * many threads.
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

  /** The lines of HTTP/1.1 that every answer of this second has. */
  String lines() {
    return stamp().lines();
  }

  private Stamp stamp() {
    long second = clock.millis() / 1000;
    Stamp known = stamp;
    if (known.second() != second) {
      String text =
          DateTimeFormatter.RFC_1123_DATE_TIME.format(
              Instant.ofEpochSecond(second).atOffset(ZoneOffset.UTC));
      known = new Stamp(second, text, "date: " + text + "\r\n" + ResponseHeads.STANDING_LINES);
      stamp = known;
    }
    return known;
  }
}
