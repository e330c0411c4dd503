package selvedge.server.api;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import selvedge.model.NamespaceId;
import selvedge.server.fairness.Owner;

/** A request that differs from another one in its body. Belongs to one thread at a time. */
public abstract class ForwardingRequest implements Request {
  protected final Request request;

  protected ForwardingRequest(Request request) {
    this.request = request;
  }

  @Override
  public String method() {
    return request.method();
  }

  @Override
  public String path() {
    return request.path();
  }

  @Override
  public String query() {
    return request.query();
  }

  @Override
  public Optional<String> header(String name) {
    return request.header(name);
  }

  @Override
  public List<Response.Header> headers() {
    return request.headers();
  }

  @Override
  public RequestSource provenance() {
    return request.provenance();
  }

  @Override
  public OptionalLong contentLength() {
    return request.contentLength();
  }

  @Override
  public boolean isAlone() {
    return request.isAlone();
  }

  @Override
  public List<String> peerNames() {
    return request.peerNames();
  }

  @Override
  public String clientAddress() {
    return request.clientAddress();
  }

  @Override
  public <T> T once(Class<T> kind, Function<Request, T> reading) {
    return request.once(kind, reading);
  }

  @Override
  public void countFor(NamespaceId namespace) {
    request.countFor(namespace);
  }

  @Override
  public NamespaceId countedFor() {
    return request.countedFor();
  }

  @Override
  public void trace(TraceContext context) {
    request.trace(context);
  }

  @Override
  public Optional<TraceContext> takeTrace() {
    return request.takeTrace();
  }

  @Override
  public Memory memory() {
    return request.memory();
  }

  @Override
  public Owner owner() {
    return request.owner();
  }
}
