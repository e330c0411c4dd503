package selvedge.server.http;

import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** The {@code Date} header, made once a second. Safe for use by many threads. */
final class HttpDate {
  private final InstantSource clock;
  private volatile Stamp stamp = new Stamp(0, "");

  private record Stamp(long second, String text) {}

  HttpDate(InstantSource clock) {
    this.clock = clock;
  }

  String text() {
    long second = clock.millis() / 1000;
    Stamp known = stamp;
    if (known.second() != second) {
      String text =
          DateTimeFormatter.RFC_1123_DATE_TIME.format(
              Instant.ofEpochSecond(second).atOffset(ZoneOffset.UTC));
      known = new Stamp(second, text);
      stamp = known;
    }
    return known.text();
  }
}
