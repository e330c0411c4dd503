package selvedge.server.session;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.random.RandomGenerator;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import selvedge.engine.replication.ClusterId;
import selvedge.model.Bytes;
import selvedge.server.api.HeaderNames;
import selvedge.server.api.Request;
import selvedge.server.api.Response;

/**
 * The cookies of signed-in browsers. Safe for use by many threads.
 *
 * <p>A cookie holds the token and the end of the sign-in, encrypted by AES-256-GCM under a key that
 * every server of the cluster has. A server opens the cookie and checks the token like one that was
 * sent, so the key alone admits no request. The name of the cookie contains the id of the cluster,
 * because browsers send the cookies of one host to all of its ports.
 */
public final class SessionCookies {
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BYTES = 16;

  private final String name;
  private final SecretKey key;
  private final Duration lifetime;
  private final InstantSource clock;
  private final RandomGenerator random;

  /**
   * @param key 32 bytes that all servers of the cluster share
   * @param lifetime the time from a sign-in until the cookie is no longer accepted
   * @param random must not be predictable
   */
  public SessionCookies(
      ClusterId cluster,
      Bytes key,
      Duration lifetime,
      InstantSource clock,
      RandomGenerator random) {
    this.name = "selvedge-" + cluster;
    this.key = new SecretKeySpec(key.toArray(), "AES");
    this.lifetime = lifetime;
    this.clock = clock;
    this.random = random;
  }

  /**
   * Returns the header that makes a browser send the token with its next requests.
   *
   * @param secure whether the browser must use TLS
   */
  public Response.Header signIn(String token, boolean secure) {
    Instant end = clock.instant().plus(lifetime);
    return header(seal(token, end), lifetime.toSeconds(), secure);
  }

  /** Returns the header that makes a browser delete the cookie. */
  public Response.Header signOut(boolean secure) {
    return header("", 0, secure);
  }

  private Response.Header header(String value, long seconds, boolean secure) {
    return new Response.Header(
        "Set-Cookie",
        name
            + "="
            + value
            + "; Max-Age="
            + seconds
            + "; Path=/; HttpOnly; SameSite=Strict"
            + (secure ? "; Secure" : ""));
  }

  private String seal(String token, Instant end) {
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    byte[] secret = token.getBytes(StandardCharsets.UTF_8);
    ByteBuffer plain = ByteBuffer.allocate(Long.BYTES + secret.length);
    plain.putLong(end.toEpochMilli()).put(secret);
    try {
      byte[] sealed = cipher(Cipher.ENCRYPT_MODE, nonce).doFinal(plain.array());
      ByteBuffer value = ByteBuffer.allocate(NONCE_BYTES + sealed.length).put(nonce).put(sealed);
      return Base64.getUrlEncoder().withoutPadding().encodeToString(value.array());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JVM has AES-GCM", e);
    }
  }

  private Cipher cipher(int mode, byte[] nonce) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
    cipher.init(mode, key, new GCMParameterSpec(TAG_BYTES * Byte.SIZE, nonce));
    cipher.updateAAD(name.getBytes(StandardCharsets.US_ASCII));
    return cipher;
  }

  /** Returns the token in the cookie of the request; empty if there is none that is valid now. */
  public Optional<String> token(Request request) {
    for (Response.Header header : request.headers()) {
      if (header.name().equalsIgnoreCase(HeaderNames.COOKIE)) {
        Optional<String> token = value(header.value()).flatMap(this::open);
        if (token.isPresent()) {
          return token;
        }
      }
    }
    return Optional.empty();
  }

  private Optional<String> value(String cookies) {
    for (String cookie : cookies.split(";", -1)) {
      int equals = cookie.indexOf('=');
      if (equals >= 0 && cookie.substring(0, equals).strip().equals(name)) {
        return Optional.of(cookie.substring(equals + 1).strip());
      }
    }
    return Optional.empty();
  }

  private Optional<String> open(String value) {
    try {
      byte[] sealed = Base64.getUrlDecoder().decode(value);
      if (sealed.length < NONCE_BYTES + TAG_BYTES + Long.BYTES) {
        return Optional.empty();
      }
      byte[] nonce = Arrays.copyOf(sealed, NONCE_BYTES);
      return opened(
          cipher(Cipher.DECRYPT_MODE, nonce)
              .doFinal(sealed, NONCE_BYTES, sealed.length - NONCE_BYTES));
    } catch (IllegalArgumentException | GeneralSecurityException e) {
      // It was made under another key, or changed.
      return Optional.empty();
    }
  }

  private Optional<String> opened(byte[] plain) {
    Instant end = Instant.ofEpochMilli(ByteBuffer.wrap(plain).getLong());
    return clock.instant().isBefore(end)
        ? Optional.of(
            new String(plain, Long.BYTES, plain.length - Long.BYTES, StandardCharsets.UTF_8))
        : Optional.empty();
  }
}
