package selvedge.patterns;

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
import selvedge.model.Entry;
import selvedge.model.Expiry;
import selvedge.model.Key;
import selvedge.model.Lookup;
import selvedge.model.Metadata;
import selvedge.model.Mutation;
import selvedge.model.Namespace;
import selvedge.model.Put;

/**
 * Sessions that end when nobody uses them. Safe for use by many threads and processes.
 *
 * <p>Beside each session lies an entry under its user, so that all of a user end without a look at
 * anybody else's.
 *
 * {@snippet class="selvedge.examples.Tour" region="sessions"}
 *
 * @param lifetime from the last use on
 * @param random makes the ids: a {@code SecureRandom}
 */
public record Sessions(
    Namespace namespace,
    String prefix,
    Duration lifetime,
    InstantSource clock,
    RandomGenerator random) {
  private static final String USER = "";
  private static final int ID_BYTES = 24;

  public Session create(String user, Map<String, String> data) {
    byte[] bytes = new byte[ID_BYTES];
    random.nextBytes(bytes);
    String id = HexFormat.of().formatHex(bytes);
    Instant expires = clock.instant().plus(lifetime);
    namespace.write(
        List.of(
            put(session(id), encoded(user, data), expires),
            put(index(user, id), Bytes.EMPTY, expires)));
    return new Session(id, user, data, expires);
  }

  private static Mutation put(Key key, Bytes value, Instant expires) {
    return new Mutation.Put(key, value, Metadata.NONE, Expiry.at(expires));
  }

  private Key session(String id) {
    return Key.of(prefix + "id/" + id);
  }

  private Key index(String user, String id) {
    return Key.of(userPrefix(user) + id);
  }

  /** The length keeps one user's name from being the beginning of another's. */
  private String userPrefix(String user) {
    return prefix + "user/" + user.length() + "/" + user + "/";
  }

  private static Bytes encoded(String user, Map<String, String> data) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put(USER, user);
    fields.putAll(data);
    return Form.CODEC.encode(fields);
  }

  private static Session decoded(String id, Entry entry) {
    Map<String, String> fields = new LinkedHashMap<>(Form.CODEC.decode(entry.value().bytes()));
    String user = Optional.ofNullable(fields.remove(USER)).orElse("");
    Instant expires = entry.expiry() instanceof Expiry.At at ? at.instant() : Instant.MAX;
    return new Session(id, user, fields, expires);
  }

  /**
   * Uses a session, which makes it last longer. That is written down only once half of its time is
   * over: one write for many uses.
   */
  public Optional<Session> get(String id) {
    if (!(namespace.get(session(id)) instanceof Lookup.Found found)) {
      return Optional.empty();
    }
    Session session = decoded(id, found.entry());
    Duration left = Duration.between(clock.instant(), session.expires());
    return left.compareTo(lifetime.dividedBy(2)) > 0
        ? Optional.of(session)
        : update(id, data -> data);
  }

  /** Changes what a session holds, and loses nothing that others change in it meanwhile. */
  public Optional<Session> update(String id, UnaryOperator<Map<String, String>> change) {
    Optional<Session> updated =
        Update.run(
            namespace,
            session(id),
            current -> {
              if (current.isEmpty()) {
                return Update.Decision.leave(Optional.<Session>empty());
              }
              Session before = decoded(id, current.get());
              Map<String, String> data = change.apply(new LinkedHashMap<>(before.data()));
              Instant expires = clock.instant().plus(lifetime);
              return Update.Decision.put(
                  encoded(before.user(), data),
                  Put.expiresAt(expires),
                  Optional.of(new Session(id, before.user(), data, expires)));
            });
    updated.ifPresent(
        session ->
            namespace.put(
                index(session.user(), id), Bytes.EMPTY, Put.expiresAt(session.expires())));
    return updated;
  }

  public void destroy(String id) {
    if (namespace.get(session(id)) instanceof Lookup.Found found) {
      String user = decoded(id, found.entry()).user();
      namespace.write(
          List.of(new Mutation.Delete(session(id)), new Mutation.Delete(index(user, id))));
    }
  }

  /** The sessions of a user. */
  public List<String> of(String user) {
    String start = userPrefix(user);
    return namespace
        .keys(start)
        .map(listed -> listed.key().name().substring(start.length()))
        .toList();
  }

  /** Ends all sessions of a user at once. */
  public int destroyAll(String user) {
    List<Mutation> deletes = new ArrayList<>();
    List<String> ids = of(user);
    for (String id : ids) {
      deletes.add(new Mutation.Delete(session(id)));
      deletes.add(new Mutation.Delete(index(user, id)));
    }
    if (!deletes.isEmpty()) {
      namespace.write(deletes);
    }
    return ids.size();
  }
}
