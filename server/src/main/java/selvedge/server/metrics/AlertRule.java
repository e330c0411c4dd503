package selvedge.server.metrics;

import java.time.Duration;
import java.util.Locale;

/**
 * The conditions under which an operator must look at a server. The rules for Prometheus in
 * docs/monitoring/alerts.yml and {@code selvedge doctor} follow from this table.
 */
public enum AlertRule {
  SELVEDGE_READ_ONLY(
      "selvedge_health{state=\"read-only\"}",
      Comparison.ABOVE,
      0,
      60,
      Severity.CRITICAL,
      "writes are refused",
      "monitor.md"),
  SELVEDGE_DAMAGED(
      "selvedge_health{state=\"damaged\"}",
      Comparison.ABOVE,
      0,
      0,
      Severity.CRITICAL,
      "a file of the store is damaged",
      "damaged-file.md"),
  SELVEDGE_COMMITS_FAIL(
      "selvedge_commit_failures_total",
      Comparison.RISES,
      0,
      0,
      Severity.CRITICAL,
      "commits fail: the disk is full, fails or returns damaged data",
      "disk-full.md"),
  SELVEDGE_DISK_LOW(
      "selvedge_disk_free_bytes",
      Comparison.BELOW,
      1 << 30,
      300,
      Severity.WARNING,
      "the disk has little free space",
      "disk-full.md"),
  SELVEDGE_EDGE_STALE(
      "selvedge_edge_age_seconds",
      Comparison.ABOVE,
      30,
      60,
      Severity.WARNING,
      "this edge answers with old data",
      "edge-does-not-follow.md"),
  SELVEDGE_EDGE_NOT_CONNECTED(
      "selvedge_edge_connected",
      Comparison.BELOW,
      1,
      60,
      Severity.WARNING,
      "this edge does not follow its origin",
      "edge-does-not-follow.md"),
  SELVEDGE_FOLLOWER_AWAY(
      "selvedge_follower_connected",
      Comparison.BELOW,
      1,
      60,
      Severity.WARNING,
      "an edge does not follow this server",
      "edge-does-not-follow.md"),
  SELVEDGE_CLOCK_AHEAD(
      "selvedge_clock_skew_seconds",
      Comparison.ABOVE,
      5,
      60,
      Severity.WARNING,
      "the clock of this edge is ahead of its origin",
      "wrong-clock.md"),
  SELVEDGE_CLOCK_BEHIND(
      "selvedge_clock_skew_seconds",
      Comparison.BELOW,
      -5,
      60,
      Severity.WARNING,
      "the clock of this edge is behind its origin",
      "wrong-clock.md"),
  SELVEDGE_CLOCK_DOUBTFUL(
      "selvedge_clock_doubtful",
      Comparison.ABOVE,
      0,
      60,
      Severity.WARNING,
      "the clock is not trusted, so that expired entries keep their space",
      "wrong-clock.md"),
  SELVEDGE_SWEEP_LAGS(
      "selvedge_sweep_lag_seconds",
      Comparison.ABOVE,
      3600,
      600,
      Severity.WARNING,
      "expired entries are not freed, so that they keep their space",
      "wrong-clock.md"),
  SELVEDGE_CERTIFICATE_EXPIRES(
      "selvedge_certificate_expiry_seconds",
      Comparison.BELOW,
      14 * 86_400,
      0,
      Severity.WARNING,
      "the certificate of the server expires soon",
      "certificate-expires.md"),
  SELVEDGE_WRITES_WAIT(
      "selvedge_writes_queued",
      Comparison.ABOVE,
      4000,
      60,
      Severity.WARNING,
      "writes wait for the disk",
      "monitor.md"),
  SELVEDGE_MERGES_LAG(
      "selvedge_rocksdb_estimate_pending_compaction_bytes",
      Comparison.ABOVE,
      1e10,
      600,
      Severity.WARNING,
      "merges of files do not keep up with writes",
      "monitor.md"),
  SELVEDGE_FEW_DESCRIPTORS(
      "process_files_open_files",
      Comparison.ABOVE,
      50_000,
      60,
      Severity.WARNING,
      "the process has many open files and connections",
      "monitor.md");

  /** How a value is compared with the threshold. */
  public enum Comparison {
    ABOVE,
    BELOW,
    /** The value, which only rises, has risen by more than the threshold. */
    RISES
  }

  /** How urgent an alert is. */
  public enum Severity {
    WARNING,
    CRITICAL;

    /** Returns the value of the label of the alert. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  private final String series;
  private final Comparison comparison;
  private final double threshold;
  private final Duration hold;
  private final Severity severity;
  private final String summary;
  private final String page;

  AlertRule(
      String series,
      Comparison comparison,
      double threshold,
      int holdSeconds,
      Severity severity,
      String summary,
      String page) {
    this.series = series;
    this.comparison = comparison;
    this.threshold = threshold;
    this.hold = Duration.ofSeconds(holdSeconds);
    this.severity = severity;
    this.summary = summary;
    this.page = page;
  }

  /** Returns the name of the alert, such as {@code SelvedgeReadOnly}. */
  public String alert() {
    var alert = new StringBuilder();
    for (String word : name().split("_", -1)) {
      alert.append(word.charAt(0)).append(word.substring(1).toLowerCase(Locale.ROOT));
    }
    return alert.toString();
  }

  /** Returns the metric, with its labels as in the text format. */
  public String series() {
    return series;
  }

  public Severity severity() {
    return severity;
  }

  public String summary() {
    return summary;
  }

  /** Returns the page below docs/how-to that says what to do. */
  public String page() {
    return page;
  }

  /** Returns the condition in the language of Prometheus. */
  public String expression() {
    String number =
        threshold == Math.rint(threshold)
            ? Long.toString((long) threshold)
            : Double.toString(threshold);
    return switch (comparison) {
      case ABOVE -> series + " > " + number;
      case BELOW -> series + " < " + number;
      case RISES -> "increase(" + series + "[10m]) > " + number;
    };
  }

  /** Returns how long the condition must hold. */
  public Duration hold() {
    return hold;
  }

  /** Returns whether a value meets the condition; NaN meets none. */
  public boolean isMetBy(double value) {
    return switch (comparison) {
      case ABOVE, RISES -> value > threshold;
      case BELOW -> value < threshold;
    };
  }
}
