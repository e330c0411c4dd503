package selvedge.server.api.v1;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import selvedge.model.Change;
import selvedge.model.Version;
import selvedge.model.wire.Message;
import selvedge.model.wire.MessageWriter;

/** Frames for a replica: docs/spec/replication.md. Belongs to one feed. */
final class FrameForm implements FeedForm {
  private @Nullable MessageWriter writer;

  /** The writer of the feed, which goes to one stream from its beginning to its end. */
  private MessageWriter on(OutputStream out) {
    if (writer == null) {
      writer = new MessageWriter(out);
    }
    return writer;
  }

  @Override
  public String contentType() {
    return "application/vnd.selvedge.feed";
  }

  @Override
  public void start(OutputStream out, long epoch, Version version) throws IOException {
    on(out).write(new Message.Hello(epoch, version));
  }

  @Override
  public void change(OutputStream out, Change change) throws IOException {
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
