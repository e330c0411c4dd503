package selvedge.verification.contract;

import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import selvedge.model.Key;
import selvedge.model.Lookup;
import selvedge.model.Namespace;
import selvedge.verification.process.Polling;
import selvedge.verification.process.RestClient;

final class ClientOfEdgeTest extends ClientContract {
  @Override
  URI start() throws Exception {
    URI edge = server("edge", "origin", server("origin").toString(), "location", "fra");
    try (var client = new RestClient(edge)) {
      Polling.await(
          "a known age",
          () ->
              !client
                  .send("GET", "/v1/status", BodyPublishers.noBody())
                  .json()
                  .path("age_millis")
                  .isNull());
    }
    return edge;
  }

  /**
   * Returns a second: an edge uses the clock of its origin and treats a smaller step as a delay.
   */
  @Override
  Duration clockStep() {
    return Duration.ofSeconds(2);
  }

  @Override
  void awaitExpiry(Namespace namespace, Key key) throws Exception {
    Polling.await("an expiry", () -> namespace.get(key) instanceof Lookup.Missing);
  }
}
