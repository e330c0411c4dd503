package selvedge.embedded;

import java.time.Duration;
import java.util.Locale;
import selvedge.engine.edge.PropagationDelays;
import selvedge.engine.edge.Replica;

/** The status of an embedded edge, which its origin shows. */
record EdgeReport(String location, Replica replica) {
  String json() {
    PropagationDelays.Summary delays = replica.delays().summary();
    return "{\"location\":\""
        + location
        + "\",\"role\":\"edge\",\"epoch\":"
        + replica.epoch()
        + ",\"version\":"
        + replica.latest()
        + ",\"cluster\":\""
        + replica.descent().cluster()
        + "\""
        + ",\"age_millis\":"
        + replica.freshness().age().map(EdgeReport::millis).orElse("null")
        + ",\"connected\":"
        + replica.connection().open()
        + ",\"since\":\""
        + replica.connection().since()
        + "\",\"propagation\":{\"count\":"
        + delays.count()
        + ",\"p50_millis\":"
        + millis(delays.median())
        + ",\"p99_millis\":"
        + millis(delays.p99())
        + ",\"max_millis\":"
        + millis(delays.max())
        + "},\"edges\":[]}";
  }

  private static String millis(Duration duration) {
    return String.format(Locale.ROOT, "%.3f", duration.toNanos() / 1e6);
  }
}
