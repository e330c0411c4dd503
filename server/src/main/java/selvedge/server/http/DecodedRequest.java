package selvedge.server.http;

import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import selvedge.model.NamespaceId;
import selvedge.server.api.Memory;
import selvedge.server.api.Request;
import selvedge.server.api.RequestSource;
import selvedge.server.api.Response;
import selvedge.server.api.TraceContext;
import selvedge.server.fairness.Owner;

/** A request whose head has been decoded. */
final class DecodedRequest implements Request {
  private final RequestHead head;
  private final String target;
  private final RequestSource provenance;
  private final int queryMark;
  private final InboundBody body;
  private final OptionalLong contentLength;
  private final LoopContext loop;
  private final Exchange exchange;

  /**
   * The result of {@link #once}. Any thread may write it: each computes the same immutable value.
   */
  private @Nullable Object kept;

  /** Threads that answer equal requests at the same time find the same namespace. */
  private NamespaceId counted = NamespaceId.SYSTEM;

  private volatile @Nullable TraceContext trace;

  DecodedRequest(
      RequestHead head, InboundBody body, boolean hasBody, LoopContext loop, Exchange exchange) {
    this.head = head;
    this.target = originForm(head.target());
    this.provenance = provenance(head);
    this.queryMark = target.indexOf('?');
    this.body = body;
    this.contentLength = hasBody ? head.fields().length() : OptionalLong.of(0);
    this.loop = loop;
    this.exchange = exchange;
  }

  /** Returns the source of the request. The host of an absolute target replaces {@code Host}. */
  private static RequestSource provenance(RequestHead head) {
    RequestSource source = head.fields().provenance();
    String uri = head.target();
    if (!isAbsolute(uri)) {
      return source;
    }
    int start = uri.indexOf("://") + 3;
    int end = start;
    while (end < uri.length() && "/?#".indexOf(uri.charAt(end)) < 0) {
      end++;
    }
    return source.at(uri.substring(start, end));
  }

  private static boolean isAbsolute(String uri) {
    return uri.startsWith("http://") || uri.startsWith("https://");
  }

  /** Returns the target without the scheme and host that the absolute form of a proxy has. */
  private static String originForm(String uri) {
    if (isAbsolute(uri)) {
      int path = uri.indexOf('/', uri.indexOf("://") + 3);
      return path < 0 ? "/" : uri.substring(path);
    }
    return uri;
  }

  @Override
  public String method() {
    return head.method();
  }

  @Override
  public String path() {
    return queryMark < 0 ? target : target.substring(0, queryMark);
  }

  @Override
  public String query() {
    return queryMark < 0 ? "" : target.substring(queryMark + 1);
  }

  @Override
  public Optional<String> header(String name) {
    return head.fields().find(name);
  }

  @Override
  public List<Response.Header> headers() {
    return head.fields().all();
  }

  @Override
  public RequestSource provenance() {
    return provenance;
  }

  @Override
  public OptionalLong contentLength() {
    return contentLength;
  }

  @Override
  public boolean isAlone() {
    return loop.isAlone();
  }

  @Override
  public List<String> peerNames() {
    return exchange.peerNames();
  }

  @Override
  public String clientAddress() {
    return exchange.clientAddress();
  }

  @Override
  public <T> T once(Class<T> kind, Function<Request, T> reading) {
    Object cached = kept;
    if (kind.isInstance(cached)) {
      return kind.cast(cached);
    }
    T read = reading.apply(this);
    kept = read;
    return read;
  }

  @Override
  public void countFor(NamespaceId namespace) {
    counted = namespace;
  }

  @Override
  public NamespaceId countedFor() {
    return counted;
  }

  @Override
  public void trace(TraceContext context) {
    trace = context;
  }

  @Override
  public Optional<TraceContext> takeTrace() {
    TraceContext kept = trace;
    if (kept != null) {
      trace = null;
    }
    return Optional.ofNullable(kept);
  }

  @Override
  public Memory memory() {
    return exchange.claim();
  }

  @Override
  public Owner owner() {
    return exchange.claim().owner();
  }

  @Override
  public InputStream body() {
    return body;
  }
}
