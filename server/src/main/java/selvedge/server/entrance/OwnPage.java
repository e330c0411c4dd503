package selvedge.server.entrance;

import selvedge.server.api.HeaderNames;
import selvedge.server.api.Request;
import selvedge.server.api.RequestSource;

/** Finds the requests that a page of this server sends. */
public final class OwnPage {
  private OwnPage() {}

  /**
   * Returns whether the browser states that a page of this server sends the request. Browsers send
   * {@code Sec-Fetch-Site} only over TLS and to this machine, and {@code Origin} only with some
   * methods; the policy of the console makes them send {@code Referer} with every request.
   */
  public static boolean isSender(Request request) {
    RequestSource source = request.provenance();
    if (!source.fetchSite().isEmpty()) {
      return source.fetchSite().equals("same-origin");
    }
    Authority host = Authority.of(source.host());
    return source.origin().isEmpty()
        ? isFrom(request.header(HeaderNames.REFERER).orElse(""), host)
        : Page.of(source.origin()).isFrom(host);
  }

  private static boolean isFrom(String referer, Authority host) {
    int start = referer.indexOf("://") + 3;
    int end = referer.indexOf('/', start);
    return start >= 3 && end >= 0 && Page.of(referer.substring(0, end)).isFrom(host);
  }
}
