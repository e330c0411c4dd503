package selvedge.server.site;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** Changes of the origin that an edge has applied together, for Java Flight Recorder. */
@Name("selvedge.FollowedBatch")
@Label("Followed batch")
@Category("Selvedge")
@Description("Changes of the origin that an edge has applied together")
@StackTrace(false)
final class FollowedEvent extends Event {
  @Label("Changes")
  int changes;

  /** Records a batch that has been applied. */
  static void record(int changes) {
    var event = new FollowedEvent();
    if (event.isEnabled()) {
      event.changes = changes;
      event.commit();
    }
  }
}
