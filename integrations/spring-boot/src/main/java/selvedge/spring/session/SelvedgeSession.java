package selvedge.spring.session;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.session.SaveMode;
import org.springframework.session.Session;
import selvedge.model.Bytes;
import selvedge.model.InvalidRequestException;

/**
 * A session during one request: the stored state and the changes of the request.
 *
 * <p>Belongs to one thread. An attribute is decoded at its first use. One that cannot be decoded,
 * such as that of another release of the program, counts as missing and is stored unchanged.
 */
public final class SelvedgeSession implements Session {
  private static final Log LOG = LogFactory.getLog(SelvedgeSession.class);

  private final SelvedgeSessionRepository.Surroundings surroundings;
  private final Map<String, Object> read = new HashMap<>();
  private final Map<String, Optional<Object>> changed = new LinkedHashMap<>();
  private Optional<String> storedId;
  private StoredSession stored;
  private String id;
  private Instant accessed;
  private Duration idle;
  private boolean unreadable;

  /** Creates a session; the stored id is empty if it is not stored yet. */
  SelvedgeSession(
      SelvedgeSessionRepository.Surroundings surroundings,
      Optional<String> storedId,
      StoredSession stored) {
    this.surroundings = surroundings;
    this.storedId = storedId;
    this.stored = stored;
    this.id = storedId.orElseGet(surroundings.ids()::generate);
    this.accessed = stored.accessed();
    this.idle = stored.idle();
  }

  /** Returns the id under which it is stored. */
  Optional<String> storedId() {
    return storedId;
  }

  /** Returns the state that was read or written last. */
  StoredSession stored() {
    return stored;
  }

  /** Returns whether it has an attribute that cannot be decoded. */
  boolean isUnreadable() {
    return unreadable;
  }

  /** Records that the current state was stored. */
  void saved(StoredSession now) {
    stored = now;
    storedId = Optional.of(id);
    changed.clear();
  }

  /** Returns whether it must be stored: after a change, or at the first use for some time. */
  boolean isToBeSaved() {
    if (surroundings.saveMode() == SaveMode.ALWAYS) {
      getAttributeNames().forEach(name -> changed.putIfAbsent(name, attribute(name)));
    }
    return !storedId.equals(Optional.of(id))
        || !changed.isEmpty()
        || !idle.equals(stored.idle())
        || isUseToBeSaved();
  }

  /** Returns whether enough time has passed since the last use that was stored. */
  boolean isUseToBeSaved() {
    return !accessed.isBefore(stored.accessed().plus(stored.patience()));
  }

  /** Returns the state to store: the one in the store now with the changes of this request. */
  StoredSession over(StoredSession current, String principal) {
    Map<String, Bytes> attributes = new HashMap<>(current.attributes());
    changed.forEach(
        (name, value) ->
            value.ifPresentOrElse(
                given -> attributes.put(name, surroundings.codec().encode(given)),
                () -> attributes.remove(name)));
    return new StoredSession(
        current.created(),
        isUseToBeSaved() && accessed.isAfter(current.accessed()) ? accessed : current.accessed(),
        idle.equals(stored.idle()) ? current.idle() : idle,
        principal,
        attributes);
  }

  @Override
  public String getId() {
    return id;
  }

  @Override
  public String changeSessionId() {
    id = surroundings.ids().generate();
    return id;
  }

  @Override
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  public <T> @Nullable T getAttribute(String name) {
    Optional<Object> value = attribute(name);
    if (value.isPresent() && surroundings.saveMode() != SaveMode.ON_SET_ATTRIBUTE) {
      changed.put(name, value);
    }
    return (T) value.orElse(null);
  }

  private Optional<Object> attribute(String name) {
    Optional<Object> given = changed.get(name);
    return given != null ? given : Optional.ofNullable(read.computeIfAbsent(name, this::decoded));
  }

  private @Nullable Object decoded(String name) {
    Bytes bytes = stored.attributes().get(name);
    if (bytes == null) {
      return null;
    }
    try {
      return surroundings.codec().decode(bytes);
    } catch (InvalidRequestException e) {
      unreadable = true;
      LOG.warn("the attribute \"" + name + "\" of a session is left out: " + e.getMessage());
      return null;
    }
  }

  @Override
  public Set<String> getAttributeNames() {
    Set<String> names = new LinkedHashSet<>(stored.attributes().keySet());
    changed.forEach(
        (name, value) -> {
          if (value.isPresent()) {
            names.add(name);
          } else {
            names.remove(name);
          }
        });
    return names;
  }

  @Override
  public void setAttribute(String name, @Nullable Object value) {
    changed.put(name, Optional.ofNullable(value));
  }

  @Override
  public void removeAttribute(String name) {
    setAttribute(name, null);
  }

  @Override
  public Instant getCreationTime() {
    return stored.created();
  }

  @Override
  public void setLastAccessedTime(Instant time) {
    accessed = time;
  }

  @Override
  public Instant getLastAccessedTime() {
    return accessed;
  }

  @Override
  public void setMaxInactiveInterval(Duration interval) {
    idle = interval;
  }

  @Override
  public Duration getMaxInactiveInterval() {
    return idle;
  }

  @Override
  public boolean isExpired() {
    return stored.expiry().hasPassed(surroundings.clock().instant());
  }
}
