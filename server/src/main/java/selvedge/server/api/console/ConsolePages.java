package selvedge.server.api.console;

import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import selvedge.model.Bytes;
import selvedge.server.api.Body;
import selvedge.server.api.HeaderNames;
import selvedge.server.api.PercentCode;
import selvedge.server.api.Request;
import selvedge.server.api.Response;
import selvedge.server.api.route.PageRoute;
import selvedge.server.api.route.Protocol;
import selvedge.server.api.route.ProtocolName;
import selvedge.server.api.route.Routes;

/**
 * The page at the root: the console for browsers, a text for all other clients. Safe for use by
 * many threads.
 *
 * <p>The files of the console are public, because they contain no data. They are read from the jar
 * when they are first requested.
 */
public final class ConsolePages implements Protocol {
  private static final String TEXT =
      """
      Selvedge: Workers KV that you run yourself.

        /client/v4   for wrangler, the official SDKs, Terraform and unstorage
        /v1          Selvedge's own API
        /livez  /readyz  /metrics
      """;
  private static final String TEXT_TYPE = "text/plain; charset=utf-8";
  private static final String INDEX = "index.html";
  private static final String FOREVER = "public, max-age=31536000, immutable";

  private static final Pattern GZIP =
      Pattern.compile(".*\\bgzip\\b(?!\\s*;\\s*q=0(\\.0*)?\\s*(,|$)).*", Pattern.DOTALL);

  /** No script runs but those of this server, and no page may embed the console. */
  private static final String POLICY =
      String.join(
          "; ",
          "default-src 'none'",
          "script-src 'self'",
          "style-src 'self'",
          "img-src 'self' data: blob:",
          "font-src 'self'",
          "connect-src 'self'",
          "manifest-src 'self'",
          "base-uri 'none'",
          "form-action 'none'",
          "frame-ancestors 'none'",
          "require-trusted-types-for 'script'");

  private final ConcurrentHashMap<String, ConsoleFile> files = new ConcurrentHashMap<>();

  @Override
  public ProtocolName name() {
    return ProtocolName.PAGES;
  }

  @Override
  public Response answer(Request request) {
    if (Routes.of(request).route() == PageRoute.CONSOLE) {
      String name = request.path().substring(PageRoute.CONSOLE_PREFIX.length());
      return file(request, name)
          .orElseGet(() -> refusal(404, "the console has no file " + PercentCode.shown(name)));
    }
    boolean html = request.header(HeaderNames.ACCEPT).orElse("").contains("text/html");
    Optional<Response> page = html ? file(request, INDEX) : Optional.empty();
    return page.orElseGet(() -> Response.text(200, TEXT_TYPE, TEXT))
        .header(HeaderNames.VARY, "Accept");
  }

  @Override
  public Response refusal(int status, String message) {
    return Response.text(status, TEXT_TYPE, message + "\n");
  }

  private Optional<Response> file(Request request, String name) {
    ConsoleFile known = files.get(name);
    if (known != null) {
      return Optional.of(response(request, known));
    }
    Optional<ConsoleFile> read = ConsoleFile.read(name);
    read.ifPresent(file -> files.put(name, file));
    return read.map(file -> response(request, file));
  }

  private static Response response(Request request, ConsoleFile file) {
    boolean isKnown =
        request
            .header(HeaderNames.IF_NONE_MATCH)
            .filter(tags -> tags.contains(file.tag()))
            .isPresent();
    boolean isZipped =
        file.zipped().isPresent()
            && GZIP.matcher(request.header(HeaderNames.ACCEPT_ENCODING).orElse("")).matches();
    Bytes content = isZipped ? file.zipped().get() : file.content();
    Response response =
        Response.of(
            isKnown ? 304 : 200,
            isKnown ? Body.NONE : new Body.Held(content),
            new Response.Header(HeaderNames.CONTENT_TYPE, file.contentType()),
            new Response.Header(HeaderNames.ETAG, file.tag()),
            new Response.Header(HeaderNames.CACHE_CONTROL, file.isHashed() ? FOREVER : "no-cache"),
            new Response.Header(HeaderNames.VARY, "Accept-Encoding"),
            new Response.Header("Content-Security-Policy", POLICY),
            new Response.Header("Referrer-Policy", "same-origin"),
            new Response.Header("Cross-Origin-Opener-Policy", "same-origin"));
    return isZipped ? response.header("Content-Encoding", "gzip") : response;
  }
}
