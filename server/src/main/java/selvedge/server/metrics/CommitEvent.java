package selvedge.server.metrics;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/** A commit of the writer, with the sync of the disk, for Java Flight Recorder. */
@Name("selvedge.Commit")
@Label("Commit")
@Category("Selvedge")
@Description("Changes that became durable in one sync")
@StackTrace(false)
final class CommitEvent extends Event {
  @Label("Changes")
  int changes;

  @Label("Time")
  @Timespan(Timespan.NANOSECONDS)
  long time;

  /** Records a commit that has ended. */
  static void record(int changes, long nanos) {
    var event = new CommitEvent();
    if (event.isEnabled()) {
      event.changes = changes;
      event.time = nanos;
      event.commit();
    }
  }
}
