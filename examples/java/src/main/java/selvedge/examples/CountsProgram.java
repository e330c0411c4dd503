package selvedge.examples;

import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import selvedge.model.Bytes;
import selvedge.model.Namespace;
import selvedge.patterns.Analytics;
import selvedge.patterns.Analytics.Draft;

/** Counts views and keeps orders. */
final class CountsProgram {
  private CountsProgram() {}

  static void run(Namespace namespace, PrintStream out) {
    // @start region="counts"
    var analytics = new Analytics(namespace, "count/", Duration.ofDays(30));
    analytics.record("view", 2);
    analytics.record("search");

    // Keep the event, too: this one for a year, longer than the counts.
    Draft order = Draft.of("order", "alice", Bytes.utf8("{\"book\":1}"));
    analytics.record(order.retention(Duration.ofDays(365)));

    Instant now = Instant.now();
    Instant anHourAgo = now.minus(Duration.ofHours(1));
    analytics
        .events("order", anHourAgo, now.plusSeconds(1))
        .forEach(event -> out.println(event.user() + " " + event.data().utf8()));
    LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
    analytics
        .top(today.minusDays(6), today.plusDays(1), 2)
        .forEach(ranked -> out.println(ranked.name() + " " + ranked.count()));
    // @end
  }
}
