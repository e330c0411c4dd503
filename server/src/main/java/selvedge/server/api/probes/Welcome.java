package selvedge.server.api.probes;

import selvedge.server.api.Request;
import selvedge.server.api.Response;
import selvedge.server.api.route.Protocol;
import selvedge.server.api.route.ProtocolName;

/** The page that a browser shows at the address of the server. */
public final class Welcome implements Protocol {
  private static final String TEXT =
      """
      Selvedge: Workers KV that you run yourself.

        /client/v4   for wrangler, the official SDKs, Terraform and unstorage
        /v1          Selvedge's own API
        /livez  /readyz  /metrics
      """;

  @Override
  public ProtocolName name() {
    return ProtocolName.PAGES;
  }

  @Override
  public Response answer(Request request) {
    return Response.text(200, "text/plain; charset=utf-8", TEXT);
  }

  @Override
  public Response refusal(int status, String message) {
    return Response.text(status, "text/plain; charset=utf-8", message + "\n");
  }
}
