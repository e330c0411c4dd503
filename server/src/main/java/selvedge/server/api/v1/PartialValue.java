package selvedge.server.api.v1;

import java.io.IOException;
import java.util.Optional;
import selvedge.engine.replication.Descent;
import selvedge.model.InvalidRequestException;
import selvedge.model.Value;
import selvedge.model.Version;
import selvedge.model.wire.MessageWriter;
import selvedge.server.api.Query;

/**
 * A large value of which a replica has the beginning, because its connection broke.
 *
 * @param version of the change with the value; none if the replica has no such beginning
 */
record PartialValue(Version version, long from) {
  private static final PartialValue NOTHING = new PartialValue(Version.NONE, 0);

  /**
   * Parses the parameters. Returns no value for a change that is not part of the store. The change
   * may be of an older epoch, because a replica may not have seen a promotion.
   *
   * @param opening the newest opening of the replica, which the change belongs to; 0 if it named
   *     none
   */
  static PartialValue of(Query query, Descent descent, long opening) {
    Optional<String> value = query.text("value");
    if (value.isEmpty()) {
      return NOTHING;
    }
    try {
      var version = new Version(Long.parseLong(value.get()));
      long from = Long.parseLong(query.text("from").orElse(""));
      long epoch = Long.parseLong(query.text("value-epoch").orElse(""));
      return descent.has(epoch, opening, version) ? new PartialValue(version, from) : NOTHING;
    } catch (IllegalArgumentException e) {
      throw new InvalidRequestException(
          "value, value-epoch and from must be a version, its epoch and a number of bytes");
    }
  }

  /** Announces the rest of the value if it belongs to this version. */
  void announce(MessageWriter writer, Version next, Value value) throws IOException {
    if (next.equals(version)
        && value.length() > MessageWriter.INLINE_BYTES
        && from > 0
        && from < value.length()) {
      writer.rest(version, from);
    }
  }
}
