package selvedge.server.api.rest;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import selvedge.model.Bytes;
import selvedge.model.Limit;
import selvedge.model.Limits;
import selvedge.server.api.Request;
import selvedge.server.api.shared.MeasuredStream;
import selvedge.server.api.shared.Spool;
import selvedge.server.api.shared.Spools;

/**
 * The form with a value and its metadata, in any order. Belongs to one thread.
 *
 * <p>The value is spooled, because its metadata may come after it.
 */
final class ValueForm implements AutoCloseable {
  private static final int PARTS_MAX = 1000;

  /**
   * The maximum of all parts except the value together. It exceeds the maximum of metadata in any
   * form.
   */
  private static final int SMALL_PARTS_BYTES_MAX = 128 * 1024;

  private static final String METADATA = "metadata";

  private final Spool value;
  private final Limits limits;
  private final MetadataParts metadataParts = new MetadataParts();
  private @Nullable Bytes metadata;
  private long metadataBytes;
  private boolean hasValue;

  ValueForm(Spools spools, Request request, Limits limits) {
    this.value = spools.open(request.owner());
    this.limits = limits;
  }

  /** Reads the form to its end, and refuses a form without a value. */
  void read(Multipart form) throws IOException {
    int parts = 0;
    for (var part = form.next(); part.isPresent(); part = form.next()) {
      if (++parts > PARTS_MAX) {
        throw malformed("the form has more than " + PARTS_MAX + " parts");
      }
      take(part.get());
    }
    if (!hasValue) {
      throw malformed("the form has no part named value");
    }
  }

  private void take(Multipart.Part part) throws IOException {
    String name = part.name();
    if (name.equals("value")) {
      if (hasValue) {
        throw malformed("the form has more than one part named value");
      }
      hasValue = true;
      MeasuredStream.of(part.content(), limits.get(Limit.VALUE_BYTES)).transferTo(value);
    } else if (name.equals(METADATA)) {
      metadata = small(part);
    } else if (name.startsWith(METADATA + "[") && name.endsWith("]")) {
      metadataParts.add(name.substring(METADATA.length()), small(part).utf8());
    }
  }

  /** Reads a part into memory. */
  private Bytes small(Multipart.Part part) throws IOException {
    long most = SMALL_PARTS_BYTES_MAX - metadataBytes;
    Bytes content = Bytes.adopt(MeasuredStream.of(part.content(), most).readAllBytes());
    metadataBytes += content.length();
    return content;
  }

  InputStream value() {
    return value.open();
  }

  /** Returns the text of the metadata; empty if the form has none. */
  Optional<Bytes> metadata() {
    if (metadata != null || metadataParts.isEmpty()) {
      return Optional.ofNullable(metadata);
    }
    return Optional.of(metadataParts.json());
  }

  private static RestFailure malformed(String problem) {
    return new RestFailure(400, 10012, "put: '" + problem + "'");
  }

  @Override
  public void close() throws IOException {
    value.close();
  }
}
