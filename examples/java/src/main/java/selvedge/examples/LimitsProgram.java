package selvedge.examples;

import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import selvedge.model.Namespace;
import selvedge.patterns.FixedWindow;
import selvedge.patterns.RateLimiter;
import selvedge.patterns.SlidingWindow;
import selvedge.patterns.TokenBucket;

/** Limits the requests of a user in three ways. */
final class LimitsProgram {
  private LimitsProgram() {}

  static void run(Namespace namespace, PrintStream out) {
    // @start region="limits"
    RateLimiter inADay = new FixedWindow(namespace, "day/", 2, Duration.ofDays(1));
    for (int i = 0; i < 3; i++) {
      RateLimiter.Decision decision = inADay.tryAcquire("alice");
      out.println(
          decision.allowed()
              ? "allowed, " + decision.remaining() + " left"
              : "refused, fields " + decision.headers(Instant.now()).keySet());
    }

    // At most 10 uploads in any hour; this request needs 3 permits, all or none.
    RateLimiter inAnHour = new SlidingWindow(namespace, "hour/", 10, Duration.ofHours(1));
    out.println("upload: " + inAnHour.tryAcquire("alice", 3).remaining());

    // Bursts of 5, and one more each second.
    RateLimiter burst = new TokenBucket(namespace, "burst/", 5, Duration.ofSeconds(1));
    out.println("burst: " + burst.tryAcquire("alice", 5).allowed());
    // @end
  }
}
