package selvedge.server.api.v1;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import selvedge.engine.replication.Descent;
import selvedge.model.Change;
import selvedge.model.Version;
import selvedge.server.api.HeaderNames;
import selvedge.server.api.Query;
import selvedge.server.api.Request;

/** Writes a feed in one format. */
interface FeedForm {

  /**
   * Returns the format that a request accepts.
   *
   * @param here the lineage of the store
   */
  static FeedForm of(Request request, Descent here) {
    String accept = request.header(HeaderNames.ACCEPT).orElse("");
    if (FrameForm.isAskedFor(request)) {
      long opening = FeedEndpoint.openings(request).newest();
      return new FrameForm(PartialValue.of(Query.of(request), here, opening));
    }
    FeedForm events = new EventForm();
    return accept.startsWith(events.contentType()) ? events : new LineForm();
  }

  String contentType();

  /**
   * Writes that a reader has the changes up to a version, and the epoch and the opening that it
   * must name to continue after this version.
   */
  void position(OutputStream out, Descent reader, Instant now) throws IOException;

  void change(OutputStream out, Change change) throws IOException;

  /** Writes a heartbeat: the feed has no further changes for the reader up to this version. */
  void heartbeat(OutputStream out, Version version, Instant now) throws IOException;

  /** Writes how many changes there were, for a reader that limits their number. */
  default void rate(OutputStream out, FeedPace.Rate rate) throws IOException {}

  /** Writes an error as the last message of the feed. */
  void failure(OutputStream out, String code, String message) throws IOException;
}
