package selvedge.server.api.v1;

import java.io.IOException;
import java.io.OutputStream;
import selvedge.server.api.Json;

/** Writes each change as a line of JSON. */
final class LineForm extends JsonForm {
  @Override
  public String contentType() {
    return "application/x-ndjson";
  }

  @Override
  void write(OutputStream out, String id, Json.Writing members) throws IOException {
    out.write(object(members));
    out.write('\n');
  }

  @Override
  void heartbeat(OutputStream out, Json.Writing members) throws IOException {
    write(out, "", members);
    out.flush();
  }
}
