package selvedge.patterns;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import selvedge.model.Bytes;
import selvedge.model.Entry;
import selvedge.model.Expiry;
import selvedge.model.InvalidRequestException;

/**
 * The stored forms of a session.
 *
 * <p>Form 0 has fields as browsers send forms: the user under the empty name, first, and the
 * attributes under their own names. Form 1 is a JSON object with the attributes in an object of
 * their own, so no attribute can replace a field.
 */
final class StoredSession {
  private static final String USER_OF_FORM_0 = "";

  private StoredSession() {}

  static Bytes encode(Session session) {
    return new Form()
        .with("user", session.user())
        .with("created", session.createdAt())
        .with("accessed", session.lastAccessed())
        .with("attributes", session.data())
        .bytes();
  }

  static Session decode(String id, Entry entry, Duration lifetime, Duration slack) {
    Bytes value = entry.value().bytes();
    return Form.read(value)
        .map(form -> decode(id, form, lifetime))
        .orElseGet(() -> decodeForm0(id, value.utf8(), entry.expiry(), lifetime.plus(slack)));
  }

  private static Session decode(String id, Form form, Duration lifetime) {
    Instant accessed = form.time("accessed");
    return new Session(
        id,
        form.text("user"),
        form.texts("attributes"),
        form.time("created"),
        accessed,
        accessed.plus(lifetime));
  }

  /** A use a slack later is stored, which brings the session to form 1. */
  private static Session decodeForm0(
      String id, String text, Expiry expiry, Duration lifetimeAndSlack) {
    if (!text.startsWith("=")) {
      throw new InvalidRequestException("the entry is no session of form 0 or 1");
    }
    Map<String, String> fields = new LinkedHashMap<>();
    for (String field : text.split("&", -1)) {
      int equals = Math.max(0, field.indexOf('='));
      fields.put(unescaped(field.substring(0, equals)), unescaped(field.substring(equals + 1)));
    }
    String user = fields.remove(USER_OF_FORM_0);
    Instant expires =
        expiry instanceof Expiry.At at ? at.instant() : Instant.EPOCH.plus(lifetimeAndSlack);
    Instant accessed = expires.minus(lifetimeAndSlack);
    return new Session(id, user == null ? "" : user, fields, accessed, accessed, expires);
  }

  private static String unescaped(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new InvalidRequestException("\"" + text + "\" has a broken escape");
    }
  }
}
