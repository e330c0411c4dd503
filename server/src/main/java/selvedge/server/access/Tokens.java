package selvedge.server.access;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
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
import selvedge.model.WriteOptions;

/**
 * Creates, finds and revokes tokens. Safe for use by many threads; finding one never blocks.
 *
 * <p>Tokens are entries of the system namespace. A secret is returned once and stored only as an
 * HMAC with the salt of this store.
 */
public final class Tokens {
  private static final Logger LOG = LoggerFactory.getLogger(Tokens.class);

  /** The id of the token in the setting {@code root-token}. */
  public static final String ROOT = "root";

  private static final Key SALT = Key.of("access/salt");

  /** Is stored with the first token, so that revoking the last one does not open the server. */
  private static final Key GUARDED = Key.of("access/guarded");

  private static final String PREFIX = "token/";

  /** The prefix of tokens that older versions would misread. They list only the other prefix. */
  private static final String NEW_PREFIX = "token-2/";

  /** The minimum length of a root token: a person may have chosen it. */
  private static final int CHOSEN_CHARACTERS_MIN = 32;

  private static final String SECRET_PREFIX = "selvedge_";
  private static final int SALT_BYTES = 32;
  private static final int SECRET_BYTES = 32;
  private static final int ID_BYTES = 8;
  private static final int PAGE_KEYS = 1000;

  private final Namespace system;
  private final Limits limits;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final SecretKeySpec salt;
  private final ReentrantLock changing = new ReentrantLock();
  private volatile Map<Bytes, Token> byDigest;
  private volatile boolean hadToken;
  private volatile Runnable changed = () -> {};

  /** The digest of a stored token that is not accepted. */
  private volatile Optional<Bytes> withheld = Optional.empty();

  /** A new token and its secret, which cannot be read again. */
  public record Created(Token token, String secret) {}

  public Tokens(Namespace system, Limits limits, InstantSource clock, RandomGenerator random) {
    this.system = system;
    this.limits = limits;
    this.clock = clock;
    this.random = random;
    this.salt = new SecretKeySpec(salt().toArray(), "HmacSHA256");
    this.byDigest = Map.copyOf(load());
    this.hadToken = !byDigest.isEmpty() || isGuarded();
  }

  private Bytes salt() {
    if (system.get(SALT) instanceof Lookup.Found found) {
      return found.entry().value().bytes();
    }
    byte[] newSalt = new byte[SALT_BYTES];
    random.nextBytes(newSalt);
    system.put(SALT, Bytes.copyOf(newSalt), WriteOptions.PLAIN.ifAbsent());
    if (system.get(SALT) instanceof Lookup.Found found) {
      return found.entry().value().bytes();
    }
    throw new IllegalStateException("the salt that was just stored is missing");
  }

  private Map<Bytes, Token> load() {
    Map<Bytes, Token> loaded = new HashMap<>();
    load(PREFIX, loaded);
    load(NEW_PREFIX, loaded);
    return loaded;
  }

  private void load(String prefix, Map<Bytes, Token> loaded) {
    Listing listing = Listing.prefix(prefix, PAGE_KEYS);
    boolean complete = false;
    while (!complete) {
      Page page = system.list(listing);
      for (Listed listed : page.entries()) {
        if (system.get(listed.key()) instanceof Lookup.Found found) {
          Token token = TokenCodec.decode(found.entry().value().bytes());
          loaded.put(token.digest(), token);
        }
        listing = listing.after(listed.key());
      }
      complete = page.complete();
    }
  }

  /** Sets the action to run after tokens have changed. */
  void onChange(Runnable action) {
    changed = action;
  }

  /** Returns the tokens that have not expired. */
  Set<Token> valid() {
    return byDigest.values().stream().filter(this::isValid).collect(Collectors.toSet());
  }

  private boolean isGuarded() {
    return system.get(GUARDED) instanceof Lookup.Found;
  }

  /** Comes before the first token and before the deletion of one that an older program has made. */
  private void markGuarded() {
    if (!isGuarded()) {
      system.put(GUARDED, Bytes.utf8("true"), WriteOptions.PLAIN);
    }
  }

  public boolean isEmpty() {
    return byDigest.isEmpty() && withheld.isEmpty();
  }

  /** Returns whether this store has or had a token. */
  public boolean hadToken() {
    return hadToken;
  }

  /** Returns the tokens, oldest first. */
  public List<Token> list() {
    Collection<Token> all = byDigest.values();
    return all.stream()
        .sorted(Comparator.comparing(Token::createdAt).thenComparing(Token::id))
        .toList();
  }

  /** Returns the name of a token; its id if there is no such token. */
  public String name(String id) {
    return list().stream()
        .filter(token -> token.id().equals(id))
        .map(Token::name)
        .findFirst()
        .orElse(id);
  }

  /** Returns the token of a secret; empty if there is none or it has expired. */
  public Optional<Token> find(String secret) {
    Bytes digest = digest(secret);
    return Optional.ofNullable(byDigest.get(digest))
        .filter(token -> isSame(token.digest(), digest))
        .filter(this::isValid);
  }

  /**
   * Returns whether a token that was found before is still stored unchanged and has not expired.
   */
  public boolean isValid(Token token) {
    return token.equals(byDigest.get(token.digest()))
        && (token.expiry() instanceof Expiry.Never || !token.expiry().hasPassed(clock.instant()));
  }

  private static boolean isSame(Bytes one, Bytes other) {
    return MessageDigest.isEqual(one.toArray(), other.toArray());
  }

  public Created create(String name, Grant grant, Expiry expiry) {
    String text = secret();
    byte[] id = new byte[ID_BYTES];
    random.nextBytes(id);
    return new Created(store(HexFormat.of().formatHex(id), name, grant, expiry, text), text);
  }

  private String secret() {
    byte[] secret = new byte[SECRET_BYTES];
    random.nextBytes(secret);
    return SECRET_PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
  }

  /**
   * Makes this secret the root token. It replaces an earlier one.
   *
   * @throws InvalidRequestException if it is new and shorter than 32 characters
   */
  public void root(String secret) {
    boolean isRoot = find(secret).map(token -> token.id().equals(ROOT)).orElse(false);
    boolean isShort = secret.length() < CHOSEN_CHARACTERS_MIN;
    if (isShort && isRoot) {
      LOG.warn(
          "the root token has {} characters, so it can be guessed from a copy of the store; replace"
              + " it with one of at least {} characters",
          secret.length(),
          CHOSEN_CHARACTERS_MIN);
    }
    if (isShort && !isRoot) {
      throw new InvalidRequestException(
          "root-token must have at least "
              + CHOSEN_CHARACTERS_MIN
              + " characters, got "
              + secret.length()
              + "; use this one, which was just generated: "
              + secret());
    }
    if (!isRoot) {
      var grant = new Grant(new Grant.Everywhere(), Right.ADMIN);
      store(ROOT, ROOT, grant, Expiry.NEVER, secret);
    }
  }

  private Token store(String id, String name, Grant grant, Expiry expiry, String secret) {
    if (byDigest.size() >= limits.get(Limit.TOKENS)) {
      throw new LimitExceededException(
          "a server has at most "
              + limits.get(Limit.TOKENS)
              + " tokens: revoke one first, or raise the limit "
              + Limit.TOKENS.id());
    }
    var token = new Token(id, name, digest(secret), grant, clock.instant(), expiry);
    markGuarded();
    system.put(key(token), TokenCodec.encode(token), WriteOptions.PLAIN);
    reload();
    return token;
  }

  private static Key key(Token token) {
    return Key.of((token.grant().isOfOldForm() ? PREFIX : NEW_PREFIX) + token.id());
  }

  /**
   * Creates a token with the name, grant and expiry of another one. The old token expires after the
   * overlap, or earlier if it has an earlier expiry. Returns empty if there is no such token.
   *
   * @throws InvalidRequestException if it is the root token, which is a setting
   */
  public Optional<Created> rotate(String id, Duration overlap) {
    if (id.equals(ROOT)) {
      throw new InvalidRequestException(
          "the root token cannot be rotated: change the setting root-token and restart the server");
    }
    Optional<Token> old = list().stream().filter(token -> token.id().equals(id)).findFirst();
    if (old.isEmpty()) {
      return Optional.empty();
    }
    Token before = old.get();
    Created next = create(before.name(), before.grant(), before.expiry());
    if (overlap.isZero()) {
      revoke(id);
    } else {
      expire(before, clock.instant().plus(overlap));
    }
    return Optional.of(next);
  }

  /** Sets the expiry of a token, unless it has an earlier one. */
  private void expire(Token token, Instant end) {
    if (token.expiry().hasPassed(end)) {
      return;
    }
    var ending =
        new Token(
            token.id(),
            token.name(),
            token.digest(),
            token.grant(),
            token.createdAt(),
            Expiry.at(end));
    system.put(key(ending), TokenCodec.encode(ending), WriteOptions.PLAIN);
    reload();
  }

  /** Revokes a token and returns whether it existed. */
  public boolean revoke(String id) {
    List<Token> found = list().stream().filter(token -> token.id().equals(id)).toList();
    if (!found.isEmpty()) {
      markGuarded();
    }
    for (Token token : found) {
      system.delete(key(token), Condition.ALWAYS);
    }
    if (!found.isEmpty()) {
      reload();
    }
    return !found.isEmpty();
  }

  /** Stops accepting the token of this secret until the next call of this method. */
  public void withhold(Optional<String> secret) {
    Optional<Bytes> digest = secret.map(this::digest);
    changing.lock();
    try {
      if (digest.equals(withheld)) {
        return;
      }
      withheld = digest;
    } finally {
      changing.unlock();
    }
    reload();
  }

  /** Loads the tokens again, after another process has changed them. */
  public void reload() {
    changing.lock();
    try {
      Map<Bytes, Token> loaded = load();
      hadToken |= !loaded.isEmpty() || isGuarded();
      withheld.ifPresent(loaded::remove);
      byDigest = Map.copyOf(loaded);
    } finally {
      changing.unlock();
    }
    changed.run();
  }

  Bytes digest(String secret) {
    return mac(secret);
  }

  /**
   * Returns a key of 32 bytes for a purpose. Every server of the cluster has the same one, because
   * it is derived from the salt.
   */
  public Bytes derivedKey(String purpose) {
    // No token contains this character, so no digest equals the key.
    return mac("\0" + purpose);
  }

  private Bytes mac(String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(salt);
      return Bytes.adopt(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException("every JVM has HMAC-SHA256", e);
    }
  }
}
