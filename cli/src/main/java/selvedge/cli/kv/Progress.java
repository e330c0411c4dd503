package selvedge.cli.kv;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;

/** A line with count, rate and time left, on a terminal twice a second, else now and then. */
final class Progress {
  private static final Duration TERMINAL = Duration.ofMillis(500);
  private static final Duration LOG = Duration.ofSeconds(10);

  private final PrintWriter err;
  private final String noun;
  private final long total;
  private final boolean terminal = Terminal.isError();
  private final long started = System.nanoTime();
  private final long before;
  private long printed = started;

  /**
   * @param total -1 if it is not known
   * @param before what was done by an earlier run
   */
  Progress(PrintWriter err, String noun, long total, long before) {
    this.err = err;
    this.noun = noun;
    this.total = total;
    this.before = before;
  }

  void update(long done) {
    long now = System.nanoTime();
    if (now - printed < (terminal ? TERMINAL : LOG).toNanos()) {
      return;
    }
    printed = now;
    String line = line(done, Duration.ofNanos(now - started));
    if (terminal) {
      err.print("\r\033[K" + line);
    } else {
      err.println(line);
    }
    err.flush();
  }

  /** Returns the line after some time. */
  String line(long done, Duration elapsed) {
    double seconds = Math.max(0.001, elapsed.toNanos() / 1e9);
    double rate = (done - before) / seconds;
    String count = String.format(Locale.ROOT, "%,d", done);
    String of =
        total < 0
            ? ""
            : String.format(
                Locale.ROOT, " of %,d (%d %%)", total, total == 0 ? 100 : done * 100 / total);
    String left =
        total < done || rate <= 0 ? "" : ", " + words((long) ((total - done) / rate)) + " left";
    return String.format(Locale.ROOT, "%s%s %s, %,.0f/s%s", count, of, noun, rate, left);
  }

  private static String words(long seconds) {
    if (seconds < 60) {
      return seconds + " s";
    }
    return seconds < 3600
        ? seconds / 60 + " min"
        : seconds / 3600 + " h " + seconds / 60 % 60 + " min";
  }

  void end() {
    if (terminal && printed != started) {
      err.print("\r\033[K");
      err.flush();
    }
  }
}
