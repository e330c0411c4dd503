package selvedge.spring.session;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
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
import org.springframework.session.SessionIdGenerator;
import selvedge.model.Bytes;
import selvedge.model.Codec;
import selvedge.model.InvalidRequestException;

/**
 * A session in the hands of one request: what was stored, and what the request has changed in it.
 *
 * <p>Belongs to one thread. An attribute is read when it is asked for; one that cannot be read
 * here, such as that of another release, is as good as none, and stays as it is.
 */
public final class SelvedgeSession implements Session {
  private static final Log LOG = LogFactory.getLog(SelvedgeSession.class);

  private final Surroundings surroundings;
  private final Map<String, Object> read = new HashMap<>();
  private final Map<String, Optional<Object>> changed = new LinkedHashMap<>();
  private Optional<String> storedId;
  private StoredSession stored;
  private String id;
  private Instant accessed;
  private Duration idle;
  private boolean unreadable;

  /** What all sessions of a repository have in common. */
  record Surroundings(
      Codec<Object> codec, SaveMode saveMode, SessionIdGenerator ids, InstantSource clock) {}

  /** A session under its id; under none if it is not stored yet. */
  SelvedgeSession(Surroundings surroundings, Optional<String> storedId, StoredSession stored) {
    this.surroundings = surroundings;
    this.storedId = storedId;
    this.stored = stored;
    this.id = storedId.orElseGet(surroundings.ids()::generate);
    this.accessed = stored.accessed();
    this.idle = stored.idle();
  }

  /** Under which id it is stored. */
  Optional<String> storedId() {
    return storedId;
  }

  /** What was stored when it was read, or written last. */
  StoredSession stored() {
    return stored;
  }

  /** Whether it has an attribute that cannot be read here. */
  boolean isUnreadable() {
    return unreadable;
  }

  /** From now on what is here is what is stored. */
  void saved(StoredSession now) {
    stored = now;
    storedId = Optional.of(id);
    changed.clear();
  }

  /** Whether there is something to be written: a change, or the first use for a while. */
  boolean isToBeSaved() {
    if (surroundings.saveMode() == SaveMode.ALWAYS) {
      getAttributeNames().forEach(name -> changed.putIfAbsent(name, attribute(name)));
    }
    return !storedId.equals(Optional.of(id))
        || !changed.isEmpty()
        || !idle.equals(stored.idle())
        || isUseToBeSaved();
  }

  /** Whether so much time has passed since the last use that was written down. */
  boolean isUseToBeSaved() {
    return !accessed.isBefore(stored.accessed().plus(stored.patience()));
  }

  /** What is stored after this request: what is there by now, with what was changed here. */
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
