package selvedge.engine.work;

import java.time.Duration;

/**
 * Bounds how often something is reported that changes all the time, for example the trouble of a
 * full disk. Not thread-safe.
 */
public final class ReportRate {
  private static final Duration SPAN = Duration.ofMinutes(1);
  private static final int REPORTS_MAX = 6;

  private Duration start = Duration.ZERO;
  private int reports;

  /**
   * Counts a report and returns whether it may be made.
   *
   * @param now the time since any fixed moment
   */
  public boolean admits(Duration now) {
    if (now.minus(start).abs().compareTo(SPAN) > 0) {
      start = now;
      reports = 0;
    }
    reports++;
    return reports <= REPORTS_MAX;
  }
}
