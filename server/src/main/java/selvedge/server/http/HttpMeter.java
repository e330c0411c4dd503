package selvedge.server.http;

import selvedge.server.api.Request;

/** Receives the measurements of the transport. Called by event loops and request threads. */
public interface HttpMeter {

  /** Ignores all measurements. */
  HttpMeter NONE =
      new HttpMeter() {
        @Override
        public void connections(int change) {}

        @Override
        public void inFlight(int change) {}

        @Override
        public void answered(Request request, int status, long nanos, long in, long out) {}
      };

  /** Changes the number of open connections. */
  void connections(int change);

  /** Changes the number of requests that run on threads. */
  void inFlight(int change);

  /**
   * Records a response.
   *
   * @param nanos since the head of its request was read
   * @param in the bytes of the body of the request
   * @param out the bytes of the body of the response
   */
  void answered(Request request, int status, long nanos, long in, long out);
}
