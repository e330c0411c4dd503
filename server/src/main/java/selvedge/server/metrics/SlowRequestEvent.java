package selvedge.server.metrics;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import selvedge.server.api.Request;
import selvedge.server.api.route.Routes;

/** A request that took longer than {@code slow-request-millis}, for Java Flight Recorder. */
@Name("selvedge.SlowRequest")
@Label("Slow request")
@Category("Selvedge")
@Description("A request that took longer than slow-request-millis")
@StackTrace(false)
final class SlowRequestEvent extends Event {
  @Label("Operation")
  String operation = "";

  @Label("Status")
  int status;

  @Label("Time")
  @Timespan(Timespan.NANOSECONDS)
  long time;

  /** Records a request that has been answered. Its path is left out, because it has a key. */
  static void record(Request request, int status, long nanos) {
    var event = new SlowRequestEvent();
    if (event.isEnabled()) {
      event.operation = Routes.of(request).route().operation();
      event.status = status;
      event.time = nanos;
      event.commit();
    }
  }
}
