package selvedge.patterns;

import java.time.Duration;
import java.util.Optional;
import selvedge.model.InvalidRequestException;

/**
 * The cookie that carries the id of a session. Immutable and safe to share between threads.
 *
 * <p>Start with {@link #of}; {@link #secure} and {@link #sameSite} return changed copies.
 *
 * {@snippet class="selvedge.examples.SessionsProgram" region="sessions"}
 */
public final class SessionCookie {
  private final String name;
  private final Duration maxAge;
  private final boolean secure;
  private final String sameSite;

  private SessionCookie(String name, Duration maxAge, boolean secure, String sameSite) {
    if (sameSite.equals("None") && !secure) {
      throw new InvalidRequestException("a cookie with SameSite=None must be secure");
    }
    this.name = name;
    this.maxAge = maxAge;
    this.secure = secure;
    this.sameSite = sameSite;
  }

  /**
   * Returns a cookie that browsers send over TLS only, with {@code SameSite=Lax}.
   *
   * @param name letters, digits, dashes and underscores
   * @param maxAge the time for which browsers keep the cookie
   * @return the cookie
   * @throws InvalidRequestException if the name is empty or has other characters
   */
  public static SessionCookie of(String name, Duration maxAge) {
    if (!name.matches("[A-Za-z0-9_-]+")) {
      throw new InvalidRequestException(
          "the name of a cookie must consist of letters, digits, - and _, got \"" + name + "\"");
    }
    return new SessionCookie(name, maxAge, true, "Lax");
  }

  /**
   * Returns a copy with or without the attribute {@code Secure}.
   *
   * @param changed false for a program that is reached without TLS, such as in development
   * @return the changed copy
   * @throws InvalidRequestException if it is false and the cookie has {@code SameSite=None}
   */
  public SessionCookie secure(boolean changed) {
    return new SessionCookie(name, maxAge, changed, sameSite);
  }

  /**
   * Returns a copy with another attribute {@code SameSite}.
   *
   * @param changed {@code Strict}, {@code Lax} or {@code None}
   * @return the changed copy
   * @throws InvalidRequestException if it is none of the three, or {@code None} for a cookie that
   *     is not secure
   */
  public SessionCookie sameSite(String changed) {
    if (!changed.matches("Strict|Lax|None")) {
      throw new InvalidRequestException(
          "SameSite must be Strict, Lax or None, got \"" + changed + "\"");
    }
    return new SessionCookie(name, maxAge, secure, changed);
  }

  /**
   * Returns the value of a {@code Set-Cookie} field that gives a session to a browser.
   *
   * @param id the id of the session
   * @return the value of the field
   * @throws InvalidRequestException if the id contains a character that a cookie may not contain
   */
  public String make(String id) {
    if (!id.matches("[!#-+\\--:<-\\[\\]-~]+")) {
      throw new InvalidRequestException(
          "the id of a session must consist of the characters that RFC 6265 allows in a cookie");
    }
    return text(id, maxAge.toSeconds());
  }

  /**
   * Returns the value of a {@code Set-Cookie} field that removes the session from a browser.
   *
   * @return the value of the field
   */
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

  /**
   * Returns the id of the session in the value of a {@code Cookie} field. A field without one is
   * not an error.
   *
   * @param header the value of the field, which may contain anything
   * @return the id, which need not be that of an existing session
   */
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
