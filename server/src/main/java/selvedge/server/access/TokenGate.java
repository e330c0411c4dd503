package selvedge.server.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import selvedge.server.api.HeaderNames;
import selvedge.server.api.Request;

/**
 * Authenticates requests by their token, in each of the headers that clients of Workers KV use.
 *
 * <p>An open server admits all requests until the first token is created.
 */
public final class TokenGate implements Gate {
  private static final Pattern KEY_FORM = Pattern.compile("[\\x21-\\x7e]{1,500}");
  private static final String BEARER = "Bearer ";
  private static final int PLACES = 256;

  private final Tokens tokens;
  private final Openness openness;
  private final String localSecret;
  private final Admission openCaller = new Admission.Admitted(new OpenCaller(false));
  private final Admission localOwner = new Admission.Admitted(new OpenCaller(true));
  private final AtomicReferenceArray<@Nullable CachedToken> recentTokens =
      new AtomicReferenceArray<>(PLACES);

  /** The ids of tokens that were found by their digest since the last call of {@link #takeUsed}. */
  private final Set<String> usedIds = ConcurrentHashMap.newKeySet();

  /**
   * Returns whether the request has the local secret. An open server ignores all other tokens,
   * because stock clients always send one.
   */
  public boolean isFromOwner(Request request) {
    return request
        .header(HeaderNames.AUTHORIZATION)
        .filter(header -> header.length() == BEARER.length() + localSecret.length())
        .filter(header -> header.regionMatches(true, 0, BEARER, 0, BEARER.length()))
        .filter(header -> isLocal(header.substring(BEARER.length())))
        .isPresent();
  }

  /** A header value and the token that was found in it. */
  private static final class CachedToken {
    private final String header;
    private final Token token;

    /** Whether it was used since the last call of {@link #takeUsed}. A race can only lose a use. */
    private boolean used = true;

    CachedToken(String header, Token token) {
      this.header = header;
      this.token = token;
    }

    void use() {
      if (!used) {
        used = true;
      }
    }

    /** Compares the references first: requests with cached header fields have the same object. */
    @SuppressWarnings("ReferenceEquality")
    boolean isIn(String other) {
      return header == other || isSame(header, other);
    }
  }

  /**
   * @param openness when requests without a token are admitted
   * @param localSecret authenticates the owner of the data directory while this process runs
   */
  public TokenGate(Tokens tokens, Openness openness, String localSecret) {
    this.tokens = tokens;
    this.openness = openness;
    this.localSecret = localSecret;
  }

  public boolean isOpen() {
    return switch (openness) {
      case NEVER -> false;
      case UNTIL_GUARDED -> tokens.isEmpty() && !tokens.hadToken();
      case WITHOUT_TOKENS -> tokens.isEmpty();
    };
  }

  @Override
  public Admission admit(Request request) {
    if (isOpen()) {
      return request.provenance().mayHaveToken() && isFromOwner(request) ? localOwner : openCaller;
    }
    Optional<String> authorization = request.header(HeaderNames.AUTHORIZATION);
    if (authorization.isPresent()) {
      return bearer(authorization.get());
    }
    Optional<String> key = request.header(HeaderNames.X_AUTH_KEY);
    if (key.isPresent()) {
      return key(key.get(), request.header(HeaderNames.X_AUTH_EMAIL).isPresent());
    }
    return request
        .header(HeaderNames.X_AUTH_USER_SERVICE_KEY)
        .map(secret -> find(secret, Refusal.UNKNOWN_KEY))
        .orElseGet(() -> new Admission.Refused(Refusal.NO_CREDENTIALS));
  }

  /** Returns the token in the header {@code Authorization}, which is not checked here. */
  public Optional<String> bearer(Request request) {
    return request
        .header(HeaderNames.AUTHORIZATION)
        .filter(header -> header.regionMatches(true, 0, BEARER, 0, BEARER.length()))
        .map(header -> header.substring(BEARER.length()).strip());
  }

  /** Authenticates a token that was sent in a body. */
  public Admission admit(String secret) {
    return find(secret, Refusal.UNKNOWN_TOKEN);
  }

  /**
   * Authenticates a header. A cached header is not parsed again; its token is checked each time.
   */
  private Admission bearer(String header) {
    int place = header.hashCode() & (PLACES - 1);
    CachedToken cached = recentTokens.get(place);
    if (cached != null && cached.isIn(header) && tokens.isValid(cached.token)) {
      cached.use();
      return new Admission.Admitted(cached.token);
    }
    Admission admission = read(header);
    if (admission instanceof Admission.Admitted(Token token)) {
      recentTokens.set(place, new CachedToken(header, token));
    }
    return admission;
  }

  private Admission read(String header) {
    if (!header.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      return new Admission.Refused(Refusal.MALFORMED_AUTHORIZATION);
    }
    String secret = header.substring(BEARER.length()).strip();
    if (secret.isEmpty() || secret.indexOf(' ') >= 0) {
      return new Admission.Refused(Refusal.MALFORMED_AUTHORIZATION);
    }
    return find(secret, Refusal.UNKNOWN_TOKEN);
  }

  private Admission key(String secret, boolean hasEmail) {
    if (!KEY_FORM.matcher(secret).matches()) {
      return new Admission.Refused(Refusal.MALFORMED_KEY);
    }
    return hasEmail
        ? find(secret, Refusal.UNKNOWN_KEY)
        : new Admission.Refused(Refusal.NO_CREDENTIALS);
  }

  private Admission find(String secret, Refusal reason) {
    if (isLocal(secret)) {
      return localOwner;
    }
    Optional<Token> found = tokens.find(secret);
    found.ifPresent(token -> usedIds.add(token.id()));
    return found
        .<Admission>map(Admission.Admitted::new)
        .orElseGet(() -> new Admission.Refused(reason));
  }

  private boolean isLocal(String secret) {
    return isSame(secret, localSecret);
  }

  /** Returns the ids of the tokens that were used since the last call. */
  Set<String> takeUsed() {
    Set<String> ids = new HashSet<>();
    for (Iterator<String> used = usedIds.iterator(); used.hasNext(); used.remove()) {
      ids.add(used.next());
    }
    for (int i = 0; i < PLACES; i++) {
      CachedToken cached = recentTokens.get(i);
      if (cached != null && cached.used) {
        cached.used = false;
        ids.add(cached.token.id());
      }
    }
    return ids;
  }

  /** Compares in constant time. */
  private static boolean isSame(String one, String other) {
    return MessageDigest.isEqual(
        one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
  }
}
