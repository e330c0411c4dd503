package selvedge.server.api.v1;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.List;
import selvedge.model.Change;
import selvedge.model.Version;
import selvedge.server.api.Request;

/** How a feed is written. */
interface FeedForm {

  /** The form that a request asks for. */
  static FeedForm of(Request request) {
    String accept = request.header("Accept").orElse("");
    for (FeedForm form : List.of(new FrameForm(), new EventForm())) {
      if (accept.startsWith(form.contentType())) {
        return form;
      }
    }
    return new LineForm();
  }

  String contentType();

  /** What comes before everything else, if anything does. */
  default void start(OutputStream out, long epoch, Version version) throws IOException {}

  void change(OutputStream out, Change change) throws IOException;

  /** A sign of life: nothing that the reader wants has happened up to this version. */
  void heartbeat(OutputStream out, Version version, Instant now) throws IOException;

  /** The last words of a feed. */
  void failure(OutputStream out, String code, String message) throws IOException;
}
