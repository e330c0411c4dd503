package selvedge.cluster;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongFunction;
import selvedge.model.Bytes;
import selvedge.model.Change;
import selvedge.model.Mutation;
import selvedge.model.Value;
import selvedge.model.Version;
import selvedge.model.wire.Message;
import selvedge.model.wire.MessageReader;
import selvedge.model.wire.MessageWriter;

/**
 * The bytes of a commit: a table of the versions whose values are uploads, then the changes as
 * frames of the feed. A value that is an upload is empty in its frame.
 */
final class ChangesCodec {
  private ChangesCodec() {}

  static Bytes encode(List<Change> changes) {
    var bytes = new ByteArrayOutputStream();
    try (var out = new DataOutputStream(bytes)) {
      List<Change> large = changes.stream().filter(ChangesCodec::isUploaded).toList();
      out.writeInt(large.size());
      for (Change change : large) {
        out.writeLong(change.version().number());
        out.writeLong(((UploadedValue) value(change)).upload());
      }
      var frames = new MessageWriter(out);
      for (Change change : changes) {
        frames.write(
            new Message.Changed(isUploaded(change) ? withValue(change, Bytes.EMPTY) : change));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Bytes.adopt(bytes.toByteArray());
  }

  /** Decodes a commit. The value of an upload is an {@link UploadedValue} without a length. */
  static List<Change> decode(Bytes bytes) {
    try (InputStream in = bytes.open()) {
      var data = new DataInputStream(in);
      Map<Version, Long> uploads = new HashMap<>();
      for (int left = data.readInt(); left > 0; left--) {
        uploads.put(new Version(data.readLong()), data.readLong());
      }
      var reader = new MessageReader(in, MessageReader.IN_MEMORY);
      List<Change> changes = new ArrayList<>();
      while (in.available() > 0) {
        Change change = ((Message.Changed) reader.next()).change();
        Long upload = uploads.get(change.version());
        changes.add(upload == null ? change : withValue(change, new UploadedValue(upload, 0)));
      }
      return changes;
    } catch (IOException e) {
      throw new IllegalStateException("a commit in the log cannot be decoded", e);
    }
  }

  /** Returns the changes with the values of their uploads. */
  static List<Change> withValues(List<Change> changes, LongFunction<Value> values) {
    return changes.stream()
        .map(
            each ->
                each.mutation() instanceof Mutation.Put put
                        && put.value() instanceof UploadedValue uploaded
                    ? withValue(each, values.apply(uploaded.upload()))
                    : each)
        .toList();
  }

  /** Returns the numbers of the uploads that a commit takes. */
  static List<Long> uploads(List<Change> changes) {
    return changes.stream()
        .filter(ChangesCodec::isUploaded)
        .map(each -> ((UploadedValue) value(each)).upload())
        .toList();
  }

  private static boolean isUploaded(Change change) {
    return change.mutation() instanceof Mutation.Put put && put.value() instanceof UploadedValue;
  }

  private static Value value(Change change) {
    return ((Mutation.Put) change.mutation()).value();
  }

  private static Change withValue(Change change, Value value) {
    Mutation.Put put = (Mutation.Put) change.mutation();
    return new Change(
        change.version(),
        change.at(),
        change.namespace(),
        new Mutation.Put(put.key(), value, put.metadata(), put.expiry()));
  }
}
