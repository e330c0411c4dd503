package selvedge.server.health;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import selvedge.engine.work.ReportRate;
import selvedge.engine.work.Worker;

/**
 * Logs what an operator must know although the server still serves: when a condition begins and
 * when it ends, and which edges come and go. Each is one line. Belongs to one thread.
 */
public final class Conditions implements Worker {
  private static final Logger LOG = LoggerFactory.getLogger(Conditions.class);
  private static final Duration INTERVAL = Duration.ofMillis(500);

  private final List<Watched> watched;
  private final Supplier<Map<String, String>> edges;
  private final LongSupplier ticks;
  private final Log log;
  private final ReportRate edgeRate = new ReportRate();
  private Map<String, String> known = new TreeMap<>();

  /**
   * A condition of a server.
   *
   * @param reason describes it for an operator; empty while the condition does not hold
   * @param end the line that reports its end
   */
  public record Condition(Supplier<Optional<String>> reason, String end) {}

  /** A condition, and whether the log says that it holds. */
  private static final class Watched {
    private final Condition condition;
    private final ReportRate rate = new ReportRate();
    private boolean logged;

    Watched(Condition condition) {
      this.condition = condition;
    }
  }

  /** Writes a line. */
  interface Log {
    void write(boolean trouble, String line);
  }

  /**
   * @param edges returns why each edge does not follow this server; empty for one that does
   * @param ticks a clock in nanoseconds that only measures spans
   */
  public Conditions(
      List<Condition> conditions, Supplier<Map<String, String>> edges, LongSupplier ticks) {
    this(conditions, edges, ticks, Conditions::log);
  }

  Conditions(
      List<Condition> conditions,
      Supplier<Map<String, String>> edges,
      LongSupplier ticks,
      Log log) {
    this.watched = conditions.stream().map(Watched::new).toList();
    this.edges = edges;
    this.ticks = ticks;
    this.log = log;
  }

  private static void log(boolean trouble, String line) {
    if (trouble) {
      LOG.warn("{}", line);
    } else {
      LOG.info("{}", line);
    }
  }

  @Override
  public Duration step() {
    Duration now = Duration.ofNanos(ticks.getAsLong());
    watched.forEach(each -> check(each, now));
    checkEdges(now);
    return INTERVAL;
  }

  private void check(Watched each, Duration now) {
    Optional<String> reason = each.condition.reason().get();
    if (reason.isPresent() != each.logged && each.rate.admits(now)) {
      each.logged = reason.isPresent();
      log.write(each.logged, reason.orElse(each.condition.end()));
    }
  }

  /** An edge that has been retired is not mentioned: the command that retires it is logged. */
  private void checkEdges(Duration now) {
    Map<String, String> current = edges.get();
    Map<String, String> logged = new TreeMap<>();
    current.forEach(
        (location, trouble) -> {
          String before = known.get(location);
          boolean other = before == null || before.isEmpty() != trouble.isEmpty();
          if (other && edgeRate.admits(now)) {
            log.write(
                !trouble.isEmpty(),
                trouble.isEmpty()
                    ? "the edge " + location + " follows this server"
                    : "the edge " + location + " does not follow this server: " + trouble);
            logged.put(location, trouble);
          } else if (before != null) {
            logged.put(location, before);
          }
        });
    known = logged;
  }
}
