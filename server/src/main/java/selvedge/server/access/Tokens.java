package selvedge.server.access;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import selvedge.model.Bytes;
import selvedge.model.Condition;
import selvedge.model.Expiry;
import selvedge.model.InvalidRequestException;
import selvedge.model.Key;
import selvedge.model.Limit;
import selvedge.model.LimitExceededException;
import selvedge.model.Limits;
import selvedge.model.Listed;
import selvedge.model.Listing;
import selvedge.model.Lookup;
import selvedge.model.Namespace;
import selvedge.model.Page;
import selvedge.model.Put;

/**
 * The tokens there are. Safe for use by many threads; recognising one never blocks.
 *
 * <p>They are entries of the system namespace. A secret is shown once and kept only as a digest
 * keyed by a salt of this store.
 */
public final class Tokens {
  /** The id of the token that is given at the start of the server. */
  public static final String ROOT = "root";

  private static final Key SALT = Key.of("access/salt");

  /** Exists from the first token on, so that revoking the last one does not open the server. */
  private static final Key GUARDED = Key.of("access/guarded");

  private static final String PREFIX = "token/";
  private static final String SECRET_PREFIX = "selvedge_";
  private static final int SALT_BYTES = 32;
  private static final int SECRET_BYTES = 30;
  private static final int ID_BYTES = 8;
  private static final int PAGE_KEYS = 1000;

  private final Namespace system;
  private final Limits limits;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final SecretKeySpec salt;
  private final ReentrantLock changing = new ReentrantLock();
  private volatile Map<Bytes, Token> byDigest;
  private volatile boolean haveExisted;

  /** A token that was just made, and its secret, which nobody will see again. */
  public record Created(Token token, String secret) {}

  public Tokens(Namespace system, Limits limits, InstantSource clock, RandomGenerator random) {
    this.system = system;
    this.limits = limits;
    this.clock = clock;
    this.random = random;
    this.salt = new SecretKeySpec(salt().toArray(), "HmacSHA256");
    this.byDigest = load();
    this.haveExisted = !byDigest.isEmpty() || isMarked();
  }

  private Bytes salt() {
    if (system.get(SALT) instanceof Lookup.Found found) {
      return found.entry().value().bytes();
    }
    byte[] fresh = new byte[SALT_BYTES];
    random.nextBytes(fresh);
    system.put(SALT, Bytes.copyOf(fresh), Put.PLAIN.ifAbsent());
    if (system.get(SALT) instanceof Lookup.Found found) {
      return found.entry().value().bytes();
    }
    throw new IllegalStateException("the salt that was just stored is missing");
  }

  private Map<Bytes, Token> load() {
    Map<Bytes, Token> loaded = new HashMap<>();
    Listing listing = Listing.prefix(PREFIX, PAGE_KEYS);
    Page page;
    do {
      page = system.list(listing);
      for (Listed listed : page.entries()) {
        if (system.get(listed.key()) instanceof Lookup.Found found) {
          Token token = TokenCodec.decode(found.entry().value().bytes());
          loaded.put(token.digest(), token);
        }
        listing = listing.after(listed.key());
      }
    } while (!page.complete());
    return Map.copyOf(loaded);
  }

  private boolean isMarked() {
    return system.get(GUARDED) instanceof Lookup.Found;
  }

  /** Comes before the first token and before the deletion of one that an older program has made. */
  private void mark() {
    if (!isMarked()) {
      system.put(GUARDED, Bytes.utf8("true"), Put.PLAIN);
    }
  }

  public boolean isEmpty() {
    return byDigest.isEmpty();
  }

  /** Returns whether there is a token or has been one in this store. */
  public boolean haveExisted() {
    return haveExisted;
  }

  /** Returns the tokens, oldest first. */
  public List<Token> list() {
    Collection<Token> all = byDigest.values();
    return all.stream()
        .sorted(Comparator.comparing(Token::createdAt).thenComparing(Token::id))
        .toList();
  }

  /** Finds the token of a secret, unless it has expired. */
  public Optional<Token> find(String secret) {
    Bytes digest = digest(secret);
    return Optional.ofNullable(byDigest.get(digest))
        .filter(token -> isSame(token.digest(), digest))
        .filter(this::isValid);
  }

  /** Whether a token that was found before is still there, as it was, and has not expired. */
  public boolean isValid(Token token) {
    return token.equals(byDigest.get(token.digest()))
        && (token.expiry() instanceof Expiry.Never || !token.expiry().hasPassed(clock.instant()));
  }

  private static boolean isSame(Bytes one, Bytes other) {
    return MessageDigest.isEqual(one.toArray(), other.toArray());
  }

  public Created create(String name, Grant grant, Expiry expiry) {
    byte[] secret = new byte[SECRET_BYTES];
    random.nextBytes(secret);
    byte[] id = new byte[ID_BYTES];
    random.nextBytes(id);
    String text = SECRET_PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
    return new Created(store(HexFormat.of().formatHex(id), name, grant, expiry, text), text);
  }

  /** Makes this secret, and no earlier one, the root token. */
  public void root(String secret) {
    if (secret.isEmpty()) {
      throw new InvalidRequestException("a root token has at least one character");
    }
    boolean known = find(secret).map(token -> token.id().equals(ROOT)).orElse(false);
    if (!known) {
      var grant = new Grant(new Grant.Everywhere(), Right.ADMIN);
      store(ROOT, ROOT, grant, Expiry.NEVER, secret);
    }
  }

  private Token store(String id, String name, Grant grant, Expiry expiry, String secret) {
    if (byDigest.size() >= limits.get(Limit.TOKENS)) {
      throw new LimitExceededException(
          "there are " + limits.get(Limit.TOKENS) + " tokens, as many as there may be");
    }
    var token = new Token(id, name, digest(secret), grant, clock.instant(), expiry);
    mark();
    system.put(Key.of(PREFIX + id), TokenCodec.encode(token), Put.PLAIN);
    reload();
    return token;
  }

  /** Returns whether there was one. */
  public boolean revoke(String id) {
    boolean there = list().stream().anyMatch(token -> token.id().equals(id));
    if (there) {
      mark();
      system.delete(Key.of(PREFIX + id), Condition.ALWAYS);
      reload();
    }
    return there;
  }

  /** Takes in what has been changed by others. */
  public void reload() {
    changing.lock();
    try {
      Map<Bytes, Token> loaded = load();
      haveExisted |= !loaded.isEmpty() || isMarked();
      byDigest = loaded;
    } finally {
      changing.unlock();
    }
  }

  private Bytes digest(String secret) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(salt);
      return Bytes.adopt(mac.doFinal(secret.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException("every JVM has HMAC-SHA256", e);
    }
  }
}
