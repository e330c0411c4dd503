package selvedge.server.health;

import java.util.Locale;

/** What a server can do. Of several states that apply, the server is in the first one. */
public enum State {
  /** It finishes the requests in flight and accepts no others. */
  DRAINING,
  /** It opens or loads its store. */
  RECOVERING,
  /** Writes fail, or puts are refused. */
  READ_ONLY,
  /** It does everything, except with data that is damaged on disk. */
  DAMAGED,
  SERVING;

  /** Returns the name in probes, metrics, status and log. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
