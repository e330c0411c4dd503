package selvedge.server.api.rest;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import selvedge.model.Bytes;
import selvedge.model.Limit;
import selvedge.model.Limits;
import selvedge.server.api.Json;
import selvedge.server.api.MeasuredStream;
import selvedge.server.api.Spool;
import tools.jackson.core.JsonGenerator;

/**
 * The form in which a value and its metadata arrive, parts in any order. Belongs to one thread.
 *
 * <p>The value is spooled, because the metadata that belongs to it may follow.
 */
final class ValueForm implements AutoCloseable {
  private static final int PARTS_MAX = 1000;

  private final Spool spool;
  private final Limits limits;
  private final List<Flattened> flattened = new ArrayList<>();
  private @Nullable Bytes metadata;
  private boolean hasValue;

  /** One leaf of a metadata object that the official SDK has taken apart. */
  private record Flattened(List<String> path, String value) {}

  ValueForm(Path directory, Limits limits) {
    this.spool = new Spool(directory);
    this.limits = limits;
  }

  void read(Multipart form) throws IOException {
    for (int parts = 0; ; parts++) {
      Optional<Multipart.Part> part = form.next();
      if (part.isEmpty()) {
        return;
      }
      if (parts == PARTS_MAX) {
        throw new RestFailure(400, 10012, "put: 'the form has more than 1000 parts'");
      }
      take(part.get());
    }
  }

  private void take(Multipart.Part part) throws IOException {
    String name = part.name();
    if (name.equals("value")) {
      hasValue = true;
      var value = new MeasuredStream(part.content(), limits.get(Limit.VALUE_BYTES));
      value.transferTo(spool);
    } else if (name.equals("metadata")) {
      metadata = small(part);
    } else if (name.startsWith("metadata[") && name.endsWith("]")) {
      String inner = name.substring("metadata[".length(), name.length() - 1);
      flattened.add(new Flattened(List.of(inner.split("\\]\\[", -1)), small(part).utf8()));
    }
  }

  private Bytes small(Multipart.Part part) throws IOException {
    int most = limits.size(Limit.JSON_BODY_BYTES);
    return Bytes.adopt(new MeasuredStream(part.content(), most).readAllBytes());
  }

  boolean hasValue() {
    return hasValue;
  }

  InputStream value() throws IOException {
    return spool.open();
  }

  Optional<Bytes> metadata() {
    if (metadata != null || flattened.isEmpty()) {
      return Optional.ofNullable(metadata);
    }
    return Optional.of(Json.bytes(json -> object(json, flattened, 0)));
  }

  /** Puts the leaves back into objects; leaves of one object lie side by side. */
  private static void object(JsonGenerator json, List<Flattened> leaves, int depth) {
    json.writeStartObject();
    int at = 0;
    while (at < leaves.size()) {
      Flattened leaf = leaves.get(at);
      json.writeName(leaf.path().get(depth));
      int end = at + 1;
      if (leaf.path().size() == depth + 1) {
        json.writeString(leaf.value());
      } else {
        while (end < leaves.size() && isSameObject(leaf, leaves.get(end), depth)) {
          end++;
        }
        object(json, leaves.subList(at, end), depth + 1);
      }
      at = end;
    }
    json.writeEndObject();
  }

  private static boolean isSameObject(Flattened one, Flattened other, int depth) {
    return other.path().size() > depth + 1 && other.path().get(depth).equals(one.path().get(depth));
  }

  @Override
  public void close() throws IOException {
    spool.close();
  }
}
