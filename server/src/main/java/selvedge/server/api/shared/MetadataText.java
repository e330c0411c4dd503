package selvedge.server.api.shared;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import selvedge.model.Bytes;
import selvedge.model.Limit;
import selvedge.model.LimitExceededException;
import selvedge.model.Limits;
import selvedge.model.Metadata;
import selvedge.server.api.HeaderNames;
import selvedge.server.api.Request;

/** Parses metadata of REST and the binding: one JSON value, where null means none. */
public final class MetadataText {
  private MetadataText() {}

  /** Returns the metadata of the request's header, which is UTF-8 with one char for each byte. */
  public static Metadata of(Request request, Limits limits) {
    Optional<String> raw = request.header(HeaderNames.CF_KV_METADATA);
    return raw.isEmpty() || raw.get().isEmpty()
        ? Metadata.NONE
        : parse(Bytes.adopt(raw.get().getBytes(StandardCharsets.ISO_8859_1)), limits);
  }

  public static Metadata parse(Bytes text, Limits limits) {
    Metadata metadata = Metadata.json(text);
    long length = metadata.stored().length();
    if (length > limits.get(Limit.METADATA_BYTES)) {
      throw new LimitExceededException(
          "Metadata length of "
              + length
              + " exceeds limit of "
              + limits.get(Limit.METADATA_BYTES)
              + ".");
    }
    return metadata;
  }
}
