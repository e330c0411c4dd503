package selvedge.engine.edge;

import java.time.Duration;
import java.time.Instant;

/** Bounds how often trouble is reported that changes its reason all the time. Not thread-safe. */
final class ReportRate {
  private static final Duration SPAN = Duration.ofMinutes(1);
  private static final int REPORTS_MAX = 6;

  private Instant start = Instant.EPOCH;
  private int reports;

  /** Counts a report and returns whether it may be made. */
  boolean admits(Instant now) {
    if (Duration.between(start, now).abs().compareTo(SPAN) > 0) {
      start = now;
      reports = 0;
    }
    reports++;
    return reports <= REPORTS_MAX;
  }
}
