package selvedge.server.api.v1;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import selvedge.engine.replication.Descent;
import selvedge.model.Change;
import selvedge.model.Mutation;
import selvedge.model.Version;
import selvedge.model.wire.Message;
import selvedge.model.wire.MessageWriter;
import selvedge.server.api.HeaderNames;
import selvedge.server.api.Request;

/** Writes frames for a replica: docs/reference/replication.md. Belongs to one feed. */
final class FrameForm implements FeedForm {
  private static final String CONTENT_TYPE = "application/vnd.selvedge.feed";

  private final PartialValue begun;
  private @Nullable MessageWriter writer;

  FrameForm(PartialValue begun) {
    this.begun = begun;
  }

  /** Returns the writer of the feed, which writes to one stream. */
  private MessageWriter on(OutputStream out) {
    if (writer == null) {
      writer = new MessageWriter(out);
    }
    return writer;
  }

  /** Returns whether a request asks for the feed in frames. */
  static boolean isAskedFor(Request request) {
    return request.header(HeaderNames.ACCEPT).orElse("").startsWith(CONTENT_TYPE);
  }

  @Override
  public String contentType() {
    return CONTENT_TYPE;
  }

  @Override
  public void position(OutputStream out, Descent reader, Instant now) throws IOException {
    String opening = reader.openings().text().utf8();
    on(out).write(new Message.Hello(reader.epoch(), reader.latest(), opening));
    heartbeat(out, reader.latest(), now);
  }

  @Override
  public void change(OutputStream out, Change change) throws IOException {
    if (change.mutation() instanceof Mutation.Put put) {
      begun.announce(on(out), change.version(), put.value());
    }
    on(out).write(new Message.Changed(change));
  }

  @Override
  public void heartbeat(OutputStream out, Version version, Instant now) throws IOException {
    on(out).write(new Message.Heartbeat(version, now));
    out.flush();
  }

  @Override
  public void failure(OutputStream out, String code, String message) throws IOException {
    on(out).write(new Message.End(0, message));
    out.flush();
  }
}
