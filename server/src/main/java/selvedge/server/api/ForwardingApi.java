package selvedge.server.api;

/** Passes on everything but the answers to requests. Safe for use by many threads. */
public interface ForwardingApi extends Api {

  /** Returns where requests are passed on to at this moment. */
  Api next();

  @Override
  default RequestOwner ownerOf(Request request) {
    return next().ownerOf(request);
  }

  @Override
  default boolean comparesConnections() {
    return next().comparesConnections();
  }

  @Override
  default boolean isAdmitted(Request request) {
    return next().isAdmitted(request);
  }

  @Override
  default Response refusal(int status, String message) {
    return next().refusal(status, message);
  }

  @Override
  default Response refusal(Request request, int status, String message) {
    return next().refusal(request, status, message);
  }
}
