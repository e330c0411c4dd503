package selvedge.patterns;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import selvedge.model.Bytes;
import selvedge.model.Codec;
import selvedge.model.InvalidRequestException;

/**
 * A session as it was when it was read. Immutable.
 *
 * @param id the id, which the browser sends back
 * @param user the name of the user
 * @param data the attributes by name
 * @param createdAt when the session was created; of a session of form 0, which does not store it, a
 *     lifetime before its end
 * @param lastAccessed when the session was used last, at most a tenth of its lifetime too early
 * @param expires when the session ends, if it is not used before; it may last up to a tenth of its
 *     lifetime longer
 */
public record Session(
    String id,
    String user,
    Map<String, String> data,
    Instant createdAt,
    Instant lastAccessed,
    Instant expires) {

  /** Copies the attributes. */
  public Session {
    data = Collections.unmodifiableMap(new LinkedHashMap<>(data));
  }

  /**
   * Returns an attribute as a value of a type.
   *
   * @param <T> the type of the value
   * @param name the name of the attribute
   * @param codec of values whose bytes are text, such as JSON
   * @return empty if the session has no such attribute
   * @throws InvalidRequestException if the codec cannot read the attribute
   */
  public <T> Optional<T> get(String name, Codec<T> codec) {
    return Optional.ofNullable(data.get(name)).map(text -> codec.decode(Bytes.utf8(text)));
  }
}
