package selvedge.server.api.v1;

/** Changes what a process is, a moment after it was asked. */
public interface Control {

  /** Makes an origin of an edge. */
  void promote();

  /** Makes an edge follow another process. */
  void follow(String origin);

  /** Trusts the clock of this machine as it is, so that expired entries are freed again. */
  void confirmClock();
}
