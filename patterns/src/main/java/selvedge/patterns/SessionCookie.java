package selvedge.patterns;

import java.time.Duration;
import java.util.Optional;
import selvedge.model.InvalidRequestException;

/**
 * The cookie that carries the id of a session.
 *
 * {@snippet class="selvedge.examples.Tour" region="sessions"}
 *
 * @param secure whether it goes over TLS only
 * @param sameSite {@code Strict}, {@code Lax} or {@code None}
 */
public record SessionCookie(String name, boolean secure, String sameSite, Duration maxAge) {

  public SessionCookie {
    if (!name.matches("[A-Za-z0-9_-]+")) {
      throw new InvalidRequestException("\"" + name + "\" is no name of a cookie");
    }
    if (!sameSite.matches("Strict|Lax|None")) {
      throw new InvalidRequestException("SameSite is Strict, Lax or None, not " + sameSite);
    }
    if (sameSite.equals("None") && !secure) {
      throw new InvalidRequestException("a cookie for other sites has to be secure");
    }
  }

  /** The value of {@code Set-Cookie} that gives a session to a browser. */
  public String make(String id) {
    return text(id, maxAge.toSeconds());
  }

  /** The value of {@code Set-Cookie} that takes it away. */
  public String clear() {
    return text("", 0);
  }

  private String text(String value, long seconds) {
    return name
        + "="
        + value
        + "; Path=/; HttpOnly; SameSite="
        + sameSite
        + "; Max-Age="
        + seconds
        + (secure ? "; Secure" : "");
  }

  /** The id in the value of a {@code Cookie} header. */
  public Optional<String> parse(String header) {
    for (String pair : header.split(";", -1)) {
      String cookie = pair.strip();
      if (cookie.startsWith(name + "=")) {
        String id = cookie.substring(name.length() + 1).replace("\"", "");
        return id.isEmpty() ? Optional.empty() : Optional.of(id);
      }
    }
    return Optional.empty();
  }
}
