package selvedge.server.api.v1;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import selvedge.model.Version;
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
  public void heartbeat(OutputStream out, Version version, Instant now) throws IOException {
    String comment = ": version " + version + " at " + now + "\n\n";
    out.write(comment.getBytes(StandardCharsets.US_ASCII));
    out.flush();
  }
}
