package selvedge.server.metrics;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A sync of the journal to the disk, for Java Flight Recorder. */
@Name("selvedge.Sync")
@Label("Sync")
@Category("Selvedge")
@Description("A sync of the journal to the disk")
@StackTrace(false)
public final class SyncEvent extends Event {

  /** Begins an event, and returns what ends it. */
  static Runnable begun() {
    var event = new SyncEvent();
    event.begin();
    return event::commit;
  }
}
