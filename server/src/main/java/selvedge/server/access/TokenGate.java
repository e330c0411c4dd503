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
import selvedge.server.api.Request;

/**
 * Admits whoever shows a token, in any of the ways that clients of Workers KV do.
 *
 * <p>An open server admits everybody while there is no token. The first token closes it at once.
 */
public final class TokenGate implements Gate {
  private static final Pattern KEY_FORM = Pattern.compile("[\\x21-\\x7e]{1,500}");
  private static final String BEARER = "Bearer ";
  private static final int PLACES = 256;

  private final Tokens tokens;
  private final Openness openness;
  private final String localSecret;
  private final Admission anyone = new Admission.Admitted(new OpenCaller(false));
  private final Admission owner = new Admission.Admitted(new OpenCaller(true));
  private final AtomicReferenceArray<@Nullable Recognised> lately =
      new AtomicReferenceArray<>(PLACES);

  /** The ids of tokens that were found by their digest since the uses were last collected. */
  private final Set<String> met = ConcurrentHashMap.newKeySet();

  /** An open server ignores tokens, such as those that stock clients insist on sending. */
  public boolean isFromOwner(Request request) {
    return request
        .header("Authorization")
        .filter(header -> header.length() == BEARER.length() + localSecret.length())
        .filter(header -> header.regionMatches(true, 0, BEARER, 0, BEARER.length()))
        .filter(header -> isLocal(header.substring(BEARER.length())))
        .isPresent();
  }

  /** A header in which a token was found. */
  private static final class Recognised {
    private final String header;
    private final Token token;

    /** Whether it was met since the uses were last collected; a race loses a use at most. */
    private boolean used = true;

    Recognised(String header, Token token) {
      this.header = header;
      this.token = token;
    }

    void use() {
      if (!used) {
        used = true;
      }
    }

    /** The very object is that of header fields that are known byte by byte. */
    @SuppressWarnings("ReferenceEquality")
    boolean isIn(String other) {
      return header == other || isSame(header, other);
    }
  }

  /**
   * @param openness when everybody is admitted
   * @param localSecret admits the owner of the data directory for the life of this process
   */
  public TokenGate(Tokens tokens, Openness openness, String localSecret) {
    this.tokens = tokens;
    this.openness = openness;
    this.localSecret = localSecret;
  }

  public boolean isOpen() {
    return switch (openness) {
      case NEVER -> false;
      case UNTIL_GUARDED -> tokens.isEmpty() && !tokens.haveExisted();
      case WITHOUT_TOKENS -> tokens.isEmpty();
    };
  }

  /** Whether the sender of the request is known, or the server is open. */
  public boolean admits(Request request) {
    return admit(request) instanceof Admission.Admitted;
  }

  @Override
  public Admission admit(Request request) {
    if (isOpen()) {
      return request.provenance().hasCredential() && isFromOwner(request) ? owner : anyone;
    }
    Optional<String> authorization = request.header("Authorization");
    if (authorization.isPresent()) {
      return bearer(authorization.get());
    }
    Optional<String> key = request.header("X-Auth-Key");
    if (key.isPresent()) {
      return key(key.get(), request.header("X-Auth-Email").isPresent());
    }
    return request
        .header("X-Auth-User-Service-Key")
        .map(secret -> find(secret, Refusal.UNKNOWN_KEY))
        .orElseGet(() -> new Admission.Refused(Refusal.NO_CREDENTIALS));
  }

  /** A header in which a token was found need not be read again, only the token looked at. */
  private Admission bearer(String header) {
    int place = header.hashCode() & (PLACES - 1);
    Recognised known = lately.get(place);
    if (known != null && known.isIn(header) && tokens.isValid(known.token)) {
      known.use();
      return new Admission.Admitted(known.token);
    }
    Admission admission = read(header);
    if (admission instanceof Admission.Admitted(Token token)) {
      lately.set(place, new Recognised(header, token));
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

  private Admission find(String secret, Refusal otherwise) {
    if (isLocal(secret)) {
      return owner;
    }
    Optional<Token> found = tokens.find(secret);
    found.ifPresent(token -> met.add(token.id()));
    return found
        .<Admission>map(Admission.Admitted::new)
        .orElseGet(() -> new Admission.Refused(otherwise));
  }

  private boolean isLocal(String secret) {
    return isSame(secret, localSecret);
  }

  /** Returns the ids of the tokens that were used since the last call. */
  Set<String> takeUsed() {
    Set<String> ids = new HashSet<>();
    for (Iterator<String> each = met.iterator(); each.hasNext(); each.remove()) {
      ids.add(each.next());
    }
    for (int i = 0; i < PLACES; i++) {
      Recognised known = lately.get(i);
      if (known != null && known.used) {
        known.used = false;
        ids.add(known.token.id());
      }
    }
    return ids;
  }

  /** Takes as long for strings that differ late as for others. */
  private static boolean isSame(String one, String other) {
    return MessageDigest.isEqual(
        one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
  }
}
