package selvedge.patterns;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import selvedge.model.Bytes;
import selvedge.model.Codec;
import selvedge.model.Entry;
import selvedge.model.Expiry;
import selvedge.model.Key;
import selvedge.model.Limit;
import selvedge.model.Lookup;
import selvedge.model.Metadata;
import selvedge.model.Mutation;
import selvedge.model.Namespace;
import selvedge.model.Profile;
import selvedge.model.ReadOptions;
import selvedge.model.Update;
import selvedge.model.WriteOptions;

/**
 * Sessions that end a lifetime after their last use. Safe for use by many threads and processes.
 *
 * <p>A use is stored at most once in a tenth of the lifetime, so most uses write nothing. A session
 * therefore lasts for at least its lifetime after the last use, and for at most a tenth longer.
 *
 * <p>An index entry under the user lies beside each session, so all sessions of a user are found
 * without reading those of others.
 *
 * {@snippet class="selvedge.examples.SessionsProgram" region="sessions"}
 */
public final class Sessions {
  private static final int ID_BYTES = 24;
  private static final int USER_BYTES_MAX = 256;
  private static final int ENDED_AT_ONCE = 250;

  private final Namespace namespace;
  private final String prefix;
  private final Duration lifetime;
  private final InstantSource clock;
  private final RandomGenerator random;

  /**
   * Creates access to the sessions whose entries have a prefix.
   *
   * @param namespace the namespace of the sessions
   * @param prefix the start of their keys
   * @param options lifetime, clock and source of ids
   */
  public Sessions(Namespace namespace, String prefix, SessionOptions options) {
    this.namespace = namespace;
    this.prefix = prefix;
    this.lifetime = options.lifetime();
    this.clock = options.clock();
    this.random = options.random();
  }

  /**
   * Creates a session with a new random id.
   *
   * @param user the name of the user
   * @param data the attributes, with any names
   * @return the new session
   * @throws selvedge.model.LimitExceededException if the attributes are larger than a value may be
   */
  public Session create(String user, Map<String, String> data) {
    String id = Names.random(random, ID_BYTES);
    Session session = used(id, user, data, clock.instant());
    Bytes value = StoredSession.encode(session);
    if (value.size() <= Limit.INLINE_BYTES.in(Profile.OPEN)) {
      namespace.write(
          List.of(put(key(id), value, session), put(index(user, id), Bytes.EMPTY, session)));
    } else {
      // A large value is written alone. An index entry without a session is ignored, so it is
      // first.
      namespace.put(index(user, id), Bytes.EMPTY, WriteOptions.PLAIN.expiresAt(stored(session)));
      namespace.put(key(id), value, WriteOptions.PLAIN.expiresAt(stored(session)));
    }
    return session;
  }

  private Session used(String id, String user, Map<String, String> data, Instant createdAt) {
    Instant now = clock.instant();
    return new Session(id, user, data, createdAt, now, now.plus(lifetime));
  }

  private Mutation put(Key key, Bytes value, Session session) {
    return new Mutation.Put(key, value, Metadata.NONE, Expiry.at(stored(session)));
  }

  /** Returns when the entry of a session expires: uses before the slack ends are not stored. */
  private Instant stored(Session session) {
    return session.expires().plus(slack());
  }

  private Duration slack() {
    return lifetime.dividedBy(10);
  }

  private Key key(String id) {
    return Key.of(prefix + "id/" + id);
  }

  private Key index(String user, String id) {
    return Key.of(userPrefix(user) + id);
  }

  /** The length keeps the name of one user from being the start of another one's. */
  private String userPrefix(String user) {
    byte[] name = user.getBytes(StandardCharsets.UTF_8);
    return name.length <= USER_BYTES_MAX
        ? prefix + "user/" + user.length() + "/" + user + "/"
        : prefix + "user/sha256/" + sha256(name) + "/";
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JVM has SHA-256", e);
    }
  }

  /** Returns whether a text can be an id: a browser may send any text in a cookie. */
  private static boolean isId(String id) {
    return id.length() == 2 * ID_BYTES && id.matches("[0-9a-f]+");
  }

  private Session decoded(String id, Entry entry) {
    return StoredSession.decode(id, entry, lifetime, slack());
  }

  /**
   * Returns a session and extends it: it ends a lifetime from now, if it is not used again.
   *
   * @param id any text, such as a cookie; a text that is no id is not an error
   * @return the session, or empty if it has ended or never existed
   */
  public Optional<Session> get(String id) {
    if (!isId(id) || !(namespace.get(key(id)) instanceof Lookup.Found found)) {
      return Optional.empty();
    }
    Session session = decoded(id, found.entry());
    Instant now = clock.instant();
    return Duration.between(session.lastAccessed(), now).compareTo(slack()) < 0
        ? Optional.of(used(id, session.user(), session.data(), session.createdAt()))
        : update(id, data -> data);
  }

  /**
   * Changes the attributes of a session by compare-and-set, and extends the session.
   *
   * @param id any text, such as a cookie; a text that is no id is not an error
   * @param change receives the attributes and returns the new ones; it may be called again when
   *     another request changed the session meanwhile
   * @return the changed session, or empty if it has ended or never existed
   */
  public Optional<Session> update(String id, UnaryOperator<Map<String, String>> change) {
    if (!isId(id)) {
      return Optional.empty();
    }
    Optional<Session> updated =
        Update.run(
            namespace,
            key(id),
            current -> {
              if (current.isEmpty()) {
                return Update.Decision.leave(Optional.<Session>empty());
              }
              Session before = decoded(id, current.get());
              Map<String, String> data = change.apply(new LinkedHashMap<>(before.data()));
              Session after = used(id, before.user(), data, before.createdAt());
              return Update.Decision.put(
                  StoredSession.encode(after),
                  WriteOptions.PLAIN.expiresAt(stored(after)),
                  Optional.of(after));
            });
    updated.ifPresent(
        session ->
            namespace.put(
                index(session.user(), id),
                Bytes.EMPTY,
                WriteOptions.PLAIN.expiresAt(stored(session))));
    return updated;
  }

  /**
   * Sets one attribute to a value of a type, and extends the session.
   *
   * @param <T> the type of the value
   * @param id any text, such as a cookie; a text that is no id is not an error
   * @param name the name of the attribute
   * @param value the value of the attribute
   * @param codec of values whose bytes are text, such as JSON
   * @return the changed session, or empty if it has ended or never existed
   */
  public <T> Optional<Session> set(String id, String name, T value, Codec<T> codec) {
    String text = codec.encode(value).utf8();
    return update(
        id,
        data -> {
          data.put(name, text);
          return data;
        });
  }

  /**
   * Ends a session. One that has ended or never existed is not an error.
   *
   * @param id any text, such as a cookie; a text that is no id is not an error
   */
  public void destroy(String id) {
    if (isId(id) && namespace.get(key(id), ReadOptions.STRONG) instanceof Lookup.Found found) {
      String user = decoded(id, found.entry()).user();
      namespace.write(List.of(new Mutation.Delete(key(id)), new Mutation.Delete(index(user, id))));
    }
  }

  /**
   * Returns the ids of the sessions of a user.
   *
   * @param user the name of the user
   * @return the ids, without an order
   */
  public List<String> of(String user) {
    String start = userPrefix(user);
    return namespace
        .keys(start)
        .map(listed -> listed.key().name().substring(start.length()))
        .toList();
  }

  /**
   * Returns the sessions of a user, without extending them.
   *
   * @param user the name of the user
   * @return an unmodifiable list, without an order
   */
  public List<Session> all(String user) {
    List<Key> keys = of(user).stream().map(this::key).toList();
    List<Session> sessions = new ArrayList<>();
    for (Lookup lookup : namespace.getAll(keys, ReadOptions.STRONG)) {
      if (lookup instanceof Lookup.Found found) {
        String id = found.entry().key().name().substring((prefix + "id/").length());
        sessions.add(decoded(id, found.entry()));
      }
    }
    return List.copyOf(sessions);
  }

  /**
   * Ends all sessions of a user.
   *
   * @param user the name of the user
   * @return the number of sessions that were ended
   */
  public int destroyAll(String user) {
    List<String> ids = of(user);
    for (int from = 0; from < ids.size(); from += ENDED_AT_ONCE) {
      List<Mutation> deletes = new ArrayList<>();
      for (String id : ids.subList(from, Math.min(ids.size(), from + ENDED_AT_ONCE))) {
        deletes.add(new Mutation.Delete(key(id)));
        deletes.add(new Mutation.Delete(index(user, id)));
      }
      namespace.write(deletes);
    }
    return ids.size();
  }
}
