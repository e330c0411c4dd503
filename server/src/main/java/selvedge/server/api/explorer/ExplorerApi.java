package selvedge.server.api.explorer;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import selvedge.model.AccountId;
import selvedge.model.Bytes;
import selvedge.model.Limit;
import selvedge.server.api.Body;
import selvedge.server.api.Request;
import selvedge.server.api.Response;
import selvedge.server.api.rest.RestApi;
import selvedge.server.api.route.ExplorerRoute;
import selvedge.server.api.route.Protocol;
import selvedge.server.api.route.ProtocolName;
import selvedge.server.api.route.Routes;
import selvedge.server.api.shared.ProtocolContext;

/**
 * The part of miniflare's local explorer API that concerns Workers KV, on the namespaces of the
 * default account. Safe for use by many threads.
 *
 * <p>Its operations are those of REST in one account, with the same answers, so REST answers them.
 */
public final class ExplorerApi implements Protocol {
  private static final String DOCUMENT = "openapi.json";

  private final RestApi rest;
  private final AccountId account;
  private final long namespacesMax;
  private final Response document;

  public ExplorerApi(RestApi rest, ProtocolContext context) {
    this.rest = rest;
    this.account = context.defaultAccount();
    this.namespacesMax = context.limits().get(Limit.PAGE_NAMESPACES);
    this.document =
        Response.of(
            200,
            new Body.Held(document()),
            new Response.Header("Content-Type", "application/json"));
  }

  private static Bytes document() {
    try (InputStream file =
        Objects.requireNonNull(ExplorerApi.class.getResourceAsStream(DOCUMENT), DOCUMENT)) {
      return Bytes.adopt(file.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + DOCUMENT, e);
    }
  }

  @Override
  public ProtocolName name() {
    return ProtocolName.EXPLORER;
  }

  @Override
  public Response answer(Request request) {
    if (Routes.of(request).route() == ExplorerRoute.DOCUMENT) {
      return rest.refused(request).orElse(document);
    }
    String path = Routes.REST_PREFIX + "/accounts/" + account + Routes.explorerPath(request.path());
    return rest.answer(new RestRequest(request, path, query(request)));
  }

  /** The explorer shows all namespaces, and not the first few: it has no pages of them. */
  private String query(Request request) {
    String query = request.query();
    return Routes.of(request).route() == ExplorerRoute.LIST_NAMESPACES
        ? (query.isEmpty() ? "" : query + "&") + "per_page=" + namespacesMax
        : query;
  }

  @Override
  public boolean isAdmitted(Request request) {
    return rest.isAdmitted(request);
  }

  @Override
  public Response refusal(int status, String message) {
    return rest.refusal(status, message);
  }
}
