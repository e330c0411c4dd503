package selvedge.patterns;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import selvedge.model.Bytes;
import selvedge.model.Entry;
import selvedge.model.Expiry;
import selvedge.model.InvalidRequestException;

/**
 * The stored forms of a session. Both are fields as browsers send forms.
 *
 * <p>Form 0 has the user under the empty name, first, and the attributes under their own names.
 * Form 1 begins with {@code form=1} and has the attributes under names that begin with a dot, so
 * that no attribute can replace a field.
 */
final class StoredSession {
  private static final String USER_OF_FORM_0 = "";
  private static final String ATTRIBUTE = ".";

  private StoredSession() {}

  static Bytes encode(Session session) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("form", "1");
    fields.put("user", session.user());
    fields.put("created", Long.toString(session.createdAt().toEpochMilli()));
    fields.put("accessed", Long.toString(session.lastAccessed().toEpochMilli()));
    session.data().forEach((name, value) -> fields.put(ATTRIBUTE + name, value));
    return Form.CODEC.encode(fields);
  }

  /** A value of form 0 starts with {@code =}, because its first field has the empty name. */
  static Session decode(String id, Entry entry, Duration lifetime, Duration slack) {
    Bytes value = entry.value().bytes();
    Map<String, String> fields = new LinkedHashMap<>(Form.CODEC.decode(value));
    if (value.utf8().startsWith("=")) {
      return decodeForm0(id, fields, entry.expiry(), lifetime, slack);
    }
    if (!"1".equals(fields.get("form"))) {
      throw new InvalidRequestException(
          "the session has form %s; this version reads the forms 0 and 1"
              .formatted(fields.get("form")));
    }
    Map<String, String> data = new LinkedHashMap<>();
    fields.forEach(
        (name, text) -> {
          if (name.startsWith(ATTRIBUTE)) {
            data.put(name.substring(ATTRIBUTE.length()), text);
          }
        });
    Instant accessed = time(fields.get("accessed"));
    return new Session(
        id,
        Optional.ofNullable(fields.get("user")).orElse(""),
        data,
        time(fields.get("created")),
        accessed,
        accessed.plus(lifetime));
  }

  private static Session decodeForm0(
      String id, Map<String, String> fields, Expiry expiry, Duration lifetime, Duration slack) {
    String user = Optional.ofNullable(fields.remove(USER_OF_FORM_0)).orElse("");
    Instant expires = expiry instanceof Expiry.At at ? at.instant() : Instant.EPOCH.plus(lifetime);
    // A use at least the slack later is stored, which brings the session to form 1.
    Instant accessed = expires.minus(lifetime).minus(slack);
    return new Session(id, user, fields, accessed, accessed, expires);
  }

  private static Instant time(@Nullable String millis) {
    try {
      return Instant.ofEpochMilli(Long.parseLong(String.valueOf(millis)));
    } catch (NumberFormatException e) {
      throw new InvalidRequestException("a time of the session is no number: " + millis);
    }
  }
}
