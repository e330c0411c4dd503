package selvedge.verification.contract;

import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import selvedge.verification.process.Eventually;
import selvedge.verification.process.RestClient;

final class ClientOfEdgeTest extends ClientContract {
  @Override
  URI start() throws Exception {
    URI edge = server("edge", "origin", server("origin").toString(), "location", "fra");
    try (var client = new RestClient(edge)) {
      Eventually.holds(
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
}
