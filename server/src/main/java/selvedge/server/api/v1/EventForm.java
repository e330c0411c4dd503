package selvedge.server.api.v1;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import selvedge.server.api.Json;

/** Writes each change as an event of a browser's event stream. */
final class EventForm extends JsonForm {
  @Override
  public String contentType() {
    return "text/event-stream";
  }

  @Override
  void write(OutputStream out, String id, Json.Writing members) throws IOException {
    if (!id.isEmpty()) {
      out.write(("id: " + id + "\n").getBytes(StandardCharsets.US_ASCII));
    }
    out.write("data: ".getBytes(StandardCharsets.US_ASCII));
    out.write(object(members));
    out.write('\n');
    out.write('\n');
  }

  @Override
  void heartbeat(OutputStream out, Json.Writing members) throws IOException {
    named(out, "heartbeat", members);
  }

  @Override
  public void rate(OutputStream out, FeedPace.Rate rate) throws IOException {
    named(
        out,
        "rate",
        json -> {
          json.writeNumberProperty("changes", rate.changes());
          json.writeNumberProperty("shown", rate.shown());
          json.writeNumberProperty("version", rate.version().number());
          json.writeStringProperty("at", rate.at().toString());
        });
  }

  /** Writes an event that is no change: programs that only read changes do not receive it. */
  private void named(OutputStream out, String event, Json.Writing members) throws IOException {
    out.write(("event: " + event + "\n").getBytes(StandardCharsets.US_ASCII));
    write(out, "", members);
    out.flush();
  }
}
