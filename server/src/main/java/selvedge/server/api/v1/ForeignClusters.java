package selvedge.server.api.v1;

import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import selvedge.engine.replication.ClusterId;
import selvedge.model.InvalidRequestException;
import tools.jackson.core.JsonGenerator;

/**
 * The clusters whose edges have sent requests to this server by mistake. Safe for use by many
 * threads.
 */
public final class ForeignClusters {
  private static final Logger LOG = LoggerFactory.getLogger(ForeignClusters.class);
  private static final int KEPT = 16;
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final LongSupplier ticks;
  private final ConcurrentHashMap<ClusterId, Long> seen = new ConcurrentHashMap<>();

  /**
   * @param ticks a clock in nanoseconds that only measures spans
   */
  public ForeignClusters(LongSupplier ticks) {
    this.ticks = ticks;
  }

  /** Records a request of an edge of another cluster, and logs the first one. */
  void add(ClusterId own, String other) {
    try {
      ClusterId id = ClusterId.of(other);
      if (!seen.containsKey(id) && seen.size() >= KEPT) {
        return;
      }
      if (seen.put(id, ticks.getAsLong()) == null) {
        LOG.warn(
            "an edge of the cluster {} asked this server, which belongs to the cluster {}, and was"
                + " refused",
            id,
            own);
      }
    } catch (InvalidRequestException e) {
      LOG.debug("an edge named no cluster", e);
    }
  }

  /** Writes an array of the clusters with the time since the last request of each. */
  public void write(JsonGenerator json) {
    json.writeStartArray();
    seen.forEach(
        (id, tick) -> {
          json.writeStartObject();
          json.writeStringProperty("cluster", id.toString());
          json.writeNumberProperty(
              "asked_millis_ago", (ticks.getAsLong() - tick) / NANOS_PER_MILLI);
          json.writeEndObject();
        });
    json.writeEndArray();
  }
}
