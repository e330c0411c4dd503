package selvedge.patterns;

import java.time.Duration;
import java.util.Optional;
import selvedge.model.InvalidRequestException;

/**
 * The cookie that carries the id of a session. Immutable.
 *
 * {@snippet class="selvedge.examples.Tour" region="sessions"}
 *
 * @param secure whether browsers send it over TLS only
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

  /**
   * Returns the value of {@code Set-Cookie} that gives a session to a browser.
   *
   * @throws InvalidRequestException if the id contains a character that a cookie may not contain
   */
  public String make(String id) {
    if (!id.matches("[!#-+\\--:<-\\[\\]-~]+")) {
      throw new InvalidRequestException(
          "the id of a session must consist of the characters that RFC 6265 allows in a cookie");
    }
    return text(id, maxAge.toSeconds());
  }

  /** Returns the value of {@code Set-Cookie} that removes the session from a browser. */
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

  /** Returns the id in the value of a {@code Cookie} field; a field without one is not an error. */
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
