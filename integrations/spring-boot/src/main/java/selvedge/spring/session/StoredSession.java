package selvedge.spring.session;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import selvedge.model.Bytes;
import selvedge.model.Codec;
import selvedge.model.Expiry;
import selvedge.model.InvalidRequestException;

/**
 * The stored form of a session: the number of the form, the times, the principal, and the
 * attributes as bytes.
 *
 * @param accessed the last use that was stored
 * @param idle the time for which it may be unused; zero or less for no limit
 * @param principal the name of the principal; empty before a login
 */
record StoredSession(
    Instant created,
    Instant accessed,
    Duration idle,
    String principal,
    Map<String, Bytes> attributes) {
  static final Codec<StoredSession> CODEC = Codec.of(StoredSession::encode, StoredSession::decode);
  private static final int FORM = 1;

  /** A use is stored if a tenth of the idle time has passed since the last one. */
  private static final int USES_WRITTEN = 10;

  /** The interval of stored uses of a session without a limit. */
  private static final Duration FOR_EVER_WRITTEN = Duration.ofHours(1);

  StoredSession {
    attributes = Map.copyOf(attributes);
  }

  /** Returns the time after a stored use from which the next use is stored. */
  Duration patience() {
    return isForEver() ? FOR_EVER_WRITTEN : idle.dividedBy(USES_WRITTEN);
  }

  /** Returns the expiry: when it has certainly not been used for its idle time, never earlier. */
  Expiry expiry() {
    return isForEver() ? Expiry.NEVER : Expiry.at(accessed.plus(idle).plus(patience()));
  }

  /** Returns the expiry of the index entry, which is later than that of the session. */
  Expiry expiryOfIndex() {
    return isForEver() ? Expiry.NEVER : Expiry.at(accessed.plus(idle.multipliedBy(2)));
  }

  private boolean isForEver() {
    return idle.isNegative() || idle.isZero();
  }

  private Bytes encode() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(FORM);
      out.writeLong(created.toEpochMilli());
      out.writeLong(accessed.toEpochMilli());
      out.writeLong(idle.toSeconds());
      out.writeUTF(principal);
      out.writeInt(attributes.size());
      for (Map.Entry<String, Bytes> attribute : new TreeMap<>(attributes).entrySet()) {
        out.writeUTF(attribute.getKey());
        out.writeInt(attribute.getValue().size());
        out.write(attribute.getValue().toArray());
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the session cannot be encoded: " + e.getMessage(), e);
    }
    return Bytes.adopt(bytes.toByteArray());
  }

  private static StoredSession decode(Bytes bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes.toArray()))) {
      int form = in.readByte();
      if (form != FORM) {
        throw new InvalidRequestException("a session of form " + form + " cannot be read here");
      }
      Instant created = Instant.ofEpochMilli(in.readLong());
      Instant accessed = Instant.ofEpochMilli(in.readLong());
      Duration idle = Duration.ofSeconds(in.readLong());
      String principal = in.readUTF();
      Map<String, Bytes> attributes = new TreeMap<>();
      for (int left = in.readInt(); left > 0; left--) {
        String name = in.readUTF();
        attributes.put(name, Bytes.adopt(in.readNBytes(in.readInt())));
      }
      return new StoredSession(created, accessed, idle, principal, attributes);
    } catch (IOException | IllegalArgumentException e) {
      throw new InvalidRequestException("the stored value is not a session: " + e.getMessage());
    }
  }
}
