package selvedge.server.api.v1;

import java.io.IOException;
import java.util.Optional;
import java.util.function.Supplier;
import selvedge.engine.replication.Descent;
import selvedge.engine.replication.Openings;
import selvedge.engine.replication.Position;
import selvedge.server.api.HeaderNames;
import selvedge.server.api.Request;
import selvedge.server.api.Response;

/** {@code /v1/position}: an edge tells of itself and hears how far this process is. */
public final class PositionEndpoint {
  private final Supplier<Optional<Position>> position;
  private final EdgeReports branches;
  private final Supplier<Descent> descent;
  private final ForeignClusters strangers;

  /**
   * @param position empty as long as nobody knows how old it is
   */
  public PositionEndpoint(
      Supplier<Optional<Position>> position,
      EdgeReports branches,
      Supplier<Descent> descent,
      ForeignClusters strangers) {
    this.position = position;
    this.branches = branches;
    this.descent = descent;
    this.strangers = strangers;
  }

  Response exchange(Request request) throws IOException {
    try {
      ClusterGuard.require(request, descent.get());
    } catch (V1Failure e) {
      strangers.add(
          descent.get().cluster(), request.header(HeaderNames.SELVEDGE_CLUSTER).orElse(""));
      throw e;
    }
    Position now =
        position
            .get()
            .orElseThrow(
                () ->
                    new V1Failure(
                        503, "stale", "this edge does not know yet how old it is: ask again"));
    branches.take(request.body());
    return V1Api.json(
        json -> {
          json.writeNumberProperty("epoch", now.epoch());
          json.writeNumberProperty("version", now.version().number());
          json.writeNumberProperty("age_nanos", now.age().toNanos());
          json.writeStringProperty("at", now.at().toString());
          json.writeStringProperty("cluster", descent.get().cluster().toString());
          json.writeStringProperty("opening", Openings.idText(now.opening()));
        });
  }
}
