package selvedge.server.api.v1;

import java.io.IOException;
import java.util.Optional;
import java.util.function.Supplier;
import selvedge.engine.form.Form;
import selvedge.engine.replication.Descent;
import selvedge.engine.replication.Openings;
import selvedge.engine.replication.Position;
import selvedge.server.api.HeaderNames;
import selvedge.server.api.Request;
import selvedge.server.api.Response;
import selvedge.server.api.shared.WireForm;

/** {@code /v1/position}: takes the report of an edge, and returns the position of this process. */
public final class PositionEndpoint {
  private final Supplier<Optional<Position>> position;
  private final EdgeReports edges;
  private final Supplier<Descent> descent;
  private final ForeignClusters foreignClusters;
  private final EdgeFacts.Receiver facts;
  private final Supplier<String> chain;

  /**
   * @param position empty while the age is unknown
   * @param facts receives what edges report beside their status
   * @param chain returns the servers by which changes come here
   */
  public PositionEndpoint(
      Supplier<Optional<Position>> position,
      EdgeReports edges,
      Supplier<Descent> descent,
      ForeignClusters foreignClusters,
      EdgeFacts.Receiver facts,
      Supplier<String> chain) {
    this.position = position;
    this.edges = edges;
    this.descent = descent;
    this.foreignClusters = foreignClusters;
    this.facts = facts;
    this.chain = chain;
  }

  Response exchange(Request request) throws IOException {
    try {
      ClusterGuard.require(request, descent.get());
    } catch (V1Failure e) {
      foreignClusters.add(
          descent.get().cluster(), request.header(HeaderNames.SELVEDGE_CLUSTER).orElse(""));
      throw e;
    }
    Optional<Position> known = position.get();
    if (known.isEmpty()) {
      return V1Errors.answer(503, "stale", "the age of this edge is not known yet: retry later")
          .header(HeaderNames.SELVEDGE_CHAIN, chain.get());
    }
    Position now = known.get();
    EdgeFacts reported = EdgeFacts.read(edges.take(request.body()));
    long numbers = facts.take(reported);
    return V1Api.json(
            json -> {
              json.writeNumberProperty("facts", reported.number());
              json.writeNumberProperty("numbers", numbers);
              json.writeNumberProperty("epoch", now.epoch());
              json.writeNumberProperty("version", now.version().number());
              json.writeNumberProperty("age_nanos", now.age().toNanos());
              json.writeStringProperty("at", now.at().toString());
              json.writeStringProperty("cluster", descent.get().cluster().toString());
              json.writeStringProperty("opening", Openings.idText(now.opening()));
            })
        .with(WireForm.answered(Form.POSITION, request))
        .header(HeaderNames.SELVEDGE_CHAIN, chain.get());
  }
}
