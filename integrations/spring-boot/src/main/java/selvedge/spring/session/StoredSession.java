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
 * A session as it lies in the namespace: a number for the form, its times, whose it is, and its
 * attributes as bytes.
 *
 * @param accessed when it was used last, as far as that was written down
 * @param idle for how long it may be unused; zero or less for ever
 * @param principal whose it is; empty as long as nobody has logged in
 */
record StoredSession(
    Instant created,
    Instant accessed,
    Duration idle,
    String principal,
    Map<String, Bytes> attributes) {
  static final Codec<StoredSession> CODEC = Codec.of(StoredSession::encode, StoredSession::decode);
  private static final int FORM = 1;

  /** A use is written down once a tenth of the time in which it may be unused is over. */
  private static final int USES_WRITTEN = 10;

  /** And so often that of a session without an end. */
  private static final Duration FOR_EVER_WRITTEN = Duration.ofHours(1);

  StoredSession {
    attributes = Map.copyOf(attributes);
  }

  /** So long after a use that was written down the next one is. */
  Duration patience() {
    return isForEver() ? FOR_EVER_WRITTEN : idle.dividedBy(USES_WRITTEN);
  }

  /** It ends when it has surely not been used for its idle time, and never earlier. */
  Expiry expiry() {
    return isForEver() ? Expiry.NEVER : Expiry.at(accessed.plus(idle).plus(patience()));
  }

  /** The index is there for longer than the session, whose end then counts. */
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
      throw new UncheckedIOException("a session cannot be written: " + e.getMessage(), e);
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
    } catch (IOException e) {
      throw new InvalidRequestException("what lies here is no session: " + e.getMessage());
    }
  }
}
