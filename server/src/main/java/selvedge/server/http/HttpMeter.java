package selvedge.server.http;

import selvedge.server.api.Request;

/** What the transport reports of its work. Called by event loops and request threads alike. */
public interface HttpMeter {

  /** Reports nothing. */
  HttpMeter NONE =
      new HttpMeter() {
        @Override
        public void connections(int change) {}

        @Override
        public void inFlight(int change) {}

        @Override
        public void answered(Request request, int status, long nanos) {}
      };

  /** So many connections more, or fewer, are open. */
  void connections(int change);

  /** So many requests more, or fewer, are at work on threads of their own. */
  void inFlight(int change);

  /** A request got its answer that long after its head was read. */
  void answered(Request request, int status, long nanos);
}
