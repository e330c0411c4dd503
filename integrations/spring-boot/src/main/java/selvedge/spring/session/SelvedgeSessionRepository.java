package selvedge.spring.session;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.session.FindByIndexNameSessionRepository;
import org.springframework.session.IndexResolver;
import org.springframework.session.PrincipalNameIndexResolver;
import org.springframework.session.SaveMode;
import org.springframework.session.SessionIdGenerator;
import org.springframework.util.function.SingletonSupplier;
import selvedge.model.Bytes;
import selvedge.model.Codec;
import selvedge.model.Entry;
import selvedge.model.Key;
import selvedge.model.Lookup;
import selvedge.model.Mutation;
import selvedge.model.Namespace;
import selvedge.model.ReadOptions;
import selvedge.model.SelvedgeException;
import selvedge.model.Update;
import selvedge.model.WriteOptions;
import selvedge.spring.Sha256;
import selvedge.spring.StoreFailures;

/**
 * Sessions in a namespace. Safe for use by many threads and processes.
 *
 * <p>Concurrent changes of one session are merged, attribute by attribute. A session that was
 * deleted meanwhile remains deleted. For each session of a principal there is an index entry under
 * the hash of the principal's name, so all its sessions are found without reading others. The index
 * entry is written first, and one without a session is ignored.
 */
public final class SelvedgeSessionRepository
    implements FindByIndexNameSessionRepository<SelvedgeSession> {
  private static final int ID_MAX = 128;

  private final Supplier<Namespace> namespace;
  private final Duration maxAge;
  private final Surroundings surroundings;
  private final IndexResolver<SelvedgeSession> principals = new PrincipalNameIndexResolver<>();

  /**
   * What all sessions of a repository have in common.
   *
   * @param idle the time for which a session may be unused
   * @param saveMode which attributes are saved
   * @param codec encodes attributes
   * @param ids generates the ids of new sessions
   * @param clock the clock by which sessions end
   */
  public record Surroundings(
      Duration idle,
      SaveMode saveMode,
      Codec<Object> codec,
      SessionIdGenerator ids,
      InstantSource clock) {}

  /**
   * Creates a repository without a request to the store.
   *
   * @param namespace opens the namespace at its first use
   * @param maxAge the maximum age of an edge's answer; zero to ask the origin each time
   * @param surroundings what its sessions have in common
   */
  public SelvedgeSessionRepository(
      Supplier<Namespace> namespace, Duration maxAge, Surroundings surroundings) {
    this.namespace = SingletonSupplier.of(namespace);
    this.maxAge = maxAge;
    this.surroundings = surroundings;
  }

  private Namespace namespace() {
    return namespace.get();
  }

  /** Returns whether a text can be an id: a browser may send any text. */
  private static boolean isId(String id) {
    return !id.isEmpty() && id.length() <= ID_MAX && id.chars().allMatch(c -> c > ' ' && c < 127);
  }

  private static Key key(String id) {
    return Key.of("id/" + id);
  }

  private static String indexPrefix(String principal) {
    return "principal/" + Sha256.hex(principal) + "/";
  }

  private static Key index(String principal, String id) {
    return Key.of(indexPrefix(principal) + id);
  }

  @Override
  public SelvedgeSession createSession() {
    Instant now = surroundings.clock().instant();
    return new SelvedgeSession(
        surroundings,
        Optional.empty(),
        new StoredSession(now, now, surroundings.idle(), "", Map.of()));
  }

  @Override
  public @Nullable SelvedgeSession findById(String id) {
    return isId(id) ? answered(() -> find(id)).orElse(null) : null;
  }

  private static <T> T answered(Supplier<T> call) {
    try {
      return call.get();
    } catch (SelvedgeException e) {
      throw StoreFailures.isOne(e) ? new SessionStoreException(e) : e;
    }
  }

  /** Asks the origin if an edge does not have the session: it may not have arrived yet. */
  private Optional<SelvedgeSession> find(String id) {
    Optional<SelvedgeSession> near = session(id, lookUp(id, ReadOptions.PLAIN.maxAge(maxAge)));
    return near.isPresent() || maxAge.isZero() ? near : session(id, lookUp(id, ReadOptions.STRONG));
  }

  private Lookup lookUp(String id, ReadOptions options) {
    return namespace().get(key(id), options);
  }

  private Optional<SelvedgeSession> session(String id, Lookup lookup) {
    return stored(lookup).map(found -> new SelvedgeSession(surroundings, Optional.of(id), found));
  }

  private static Optional<StoredSession> stored(Lookup lookup) {
    return lookup instanceof Lookup.Found found
        ? Optional.of(stored(found.entry()))
        : Optional.empty();
  }

  private static StoredSession stored(Entry entry) {
    return StoredSession.CODEC.decode(entry.value().bytes());
  }

  @Override
  public void save(SelvedgeSession session) {
    answered(
        () -> {
          write(session);
          return session;
        });
  }

  private void write(SelvedgeSession session) {
    if (session.isToBeSaved()) {
      String principal = principal(session);
      if (!principal.isEmpty() && isIndexToBeSaved(session, principal)) {
        StoredSession next = session.over(session.stored(), principal);
        WriteOptions options = WriteOptions.PLAIN.expiry(next.expiryOfIndex());
        namespace().put(index(principal, session.getId()), Bytes.EMPTY, options);
      }
      store(session, principal).ifPresent(session::saved);
    }
  }

  /** Returns the principal of the attributes; the stored one if an attribute cannot be decoded. */
  private String principal(SelvedgeSession session) {
    String found = principals.resolveIndexesFor(session).get(PRINCIPAL_NAME_INDEX_NAME);
    if (found != null) {
      return found;
    }
    return session.isUnreadable() ? session.stored().principal() : "";
  }

  private static boolean isIndexToBeSaved(SelvedgeSession session, String principal) {
    return !session.storedId().equals(Optional.of(session.getId()))
        || !session.stored().principal().equals(principal)
        || !session.stored().idle().equals(session.getMaxInactiveInterval())
        || session.isUseToBeSaved();
  }

  /** Returns the stored state, or empty if the session was deleted meanwhile. */
  private Optional<StoredSession> store(SelvedgeSession session, String principal) {
    Optional<String> before = session.storedId();
    if (before.isEmpty()) {
      return Optional.of(put(session, session.stored(), principal));
    }
    if (before.get().equals(session.getId())) {
      Optional<StoredSession> now = update(session, principal);
      now.ifPresent(kept -> forgetIndex(session, before.get(), kept));
      return now;
    }
    Optional<StoredSession> now =
        stored(lookUp(before.get(), ReadOptions.STRONG))
            .map(current -> put(session, current, principal));
    deleteById(before.get());
    return now;
  }

  private StoredSession put(SelvedgeSession session, StoredSession current, String principal) {
    StoredSession next = session.over(current, principal);
    namespace()
        .put(
            key(session.getId()),
            StoredSession.CODEC.encode(next),
            WriteOptions.PLAIN.expiry(next.expiry()));
    return next;
  }

  private Optional<StoredSession> update(SelvedgeSession session, String principal) {
    return Update.run(
        namespace(),
        key(session.getId()),
        current -> {
          if (current.isEmpty()) {
            return Update.Decision.leave(Optional.<StoredSession>empty());
          }
          StoredSession next = session.over(stored(current.get()), principal);
          return Update.Decision.put(
              StoredSession.CODEC.encode(next),
              WriteOptions.PLAIN.expiry(next.expiry()),
              Optional.of(next));
        });
  }

  /** Deletes the index entry of the old principal if the session has another one now. */
  private void forgetIndex(SelvedgeSession session, String id, StoredSession now) {
    String before = session.stored().principal();
    if (!before.isEmpty() && !before.equals(now.principal())) {
      namespace().delete(index(before, id).name());
    }
  }

  @Override
  public void deleteById(String id) {
    if (isId(id)) {
      answered(
          () -> {
            Optional<StoredSession> there = stored(lookUp(id, ReadOptions.STRONG));
            there.ifPresent(session -> delete(id, session.principal()));
            return there;
          });
    }
  }

  private void delete(String id, String principal) {
    Mutation session = new Mutation.Delete(key(id));
    namespace()
        .write(
            principal.isEmpty()
                ? List.of(session)
                : List.of(session, new Mutation.Delete(index(principal, id))));
  }

  @Override
  public Map<String, SelvedgeSession> findByIndexNameAndIndexValue(
      String indexName, String indexValue) {
    if (!PRINCIPAL_NAME_INDEX_NAME.equals(indexName)) {
      return Map.of();
    }
    return answered(() -> find(indexPrefix(indexValue), indexValue));
  }

  private Map<String, SelvedgeSession> find(String prefix, String principal) {
    List<String> ids =
        namespace()
            .keys(prefix)
            .map(listed -> listed.key().name().substring(prefix.length()))
            .toList();
    List<Lookup> found =
        namespace()
            .getAll(ids.stream().map(SelvedgeSessionRepository::key).toList(), ReadOptions.STRONG);
    Map<String, SelvedgeSession> sessions = new LinkedHashMap<>();
    for (int i = 0; i < ids.size(); i++) {
      String id = ids.get(i);
      stored(found.get(i))
          .filter(session -> session.principal().equals(principal))
          .ifPresent(
              session ->
                  sessions.put(id, new SelvedgeSession(surroundings, Optional.of(id), session)));
    }
    return sessions;
  }
}
