package selvedge.engine.edge;

import java.util.List;
import selvedge.model.Change;

/** Ignores the events of a replica. */
final class SilentWatcher implements Replica.Watcher {
  @Override
  public void applied(List<Change> changes) {}

  @Override
  public void lost(String reason) {}
}
