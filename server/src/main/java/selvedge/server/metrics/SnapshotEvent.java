package selvedge.server.metrics;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** A snapshot that was sent to an edge, or loaded by one, for Java Flight Recorder. */
@Name("selvedge.Snapshot")
@Label("Snapshot")
@Category("Selvedge")
@Description("A snapshot that was sent to an edge, or loaded by one")
@StackTrace(false)
public final class SnapshotEvent extends Event {
  @Label("Sent")
  boolean sent;

  @Label("Entries")
  long entries;

  @Label("Complete")
  boolean complete;

  private SnapshotEvent(boolean sent) {
    this.sent = sent;
    begin();
  }

  /** Returns an event that has begun. */
  public static SnapshotEvent begun(boolean sent) {
    return new SnapshotEvent(sent);
  }

  /**
   * Records the event.
   *
   * @param count of the entries
   * @param whole whether the other server needs no further attempt
   */
  public void ended(long count, boolean whole) {
    entries = count;
    complete = whole;
    commit();
  }
}
