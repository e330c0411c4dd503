package selvedge.server.session;

import java.util.Optional;
import selvedge.server.api.Api;
import selvedge.server.api.ForwardingApi;
import selvedge.server.api.LoopResult;
import selvedge.server.api.Reply;
import selvedge.server.api.Request;
import selvedge.server.api.RequestOwner;
import selvedge.server.api.Response;
import selvedge.server.entrance.OwnPage;

/**
 * Passes on requests with the token of their cookie, as if they had sent it. Safe for use by many
 * threads.
 *
 * <p>A browser adds cookies by itself, so a cookie counts only if the browser states that a page of
 * this server sends the request, reads included.
 */
public final class SessionApi implements ForwardingApi {
  private final Api api;
  private final SessionCookies cookies;

  public SessionApi(Api api, SessionCookies cookies) {
    this.api = api;
    this.cookies = cookies;
  }

  private Request withToken(Request request) {
    if (!request.provenance().hasCookie()
        || request.provenance().hasCredential()
        || !OwnPage.isSender(request)) {
      return request;
    }
    return cookies
        .token(request)
        .<Request>map(token -> new SessionRequest(request, token))
        .orElse(request);
  }

  @Override
  public Optional<LoopResult> answerNow(Request request) {
    return api.answerNow(withToken(request));
  }

  @Override
  public boolean answerSoon(Request request, Reply reply) {
    return api.answerSoon(withToken(request), reply);
  }

  @Override
  public Response answer(Request request) {
    return api.answer(withToken(request));
  }

  @Override
  public RequestOwner ownerOf(Request request) {
    return api.ownerOf(withToken(request));
  }

  @Override
  public boolean isAdmitted(Request request) {
    return api.isAdmitted(withToken(request));
  }

  @Override
  public Api next() {
    return api;
  }
}
