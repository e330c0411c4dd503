package selvedge.spring;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.session.SaveMode;
import selvedge.model.InvalidRequestException;

/**
 * The configuration of the store.
 *
 * @param servers the addresses of the servers, the nearest first; the others are used while it does
 *     not answer
 * @param token the token for the servers; empty for servers without authentication
 * @param account the id of the account of the namespaces; empty for that of the token
 * @param deadline the longest time that an operation takes with all its attempts
 * @param failFast whether calls fail at once while no server answers
 * @param maxConcurrent the number of requests in flight at the same time
 * @param sslBundle the name of the SSL bundle with the authorities, and the certificate if there is
 *     one, of connections to https servers; empty for the trust of the JVM and of {@code
 *     SELVEDGE_CA}
 * @param directory the directory of a store in this process; together with a server, of an edge of
 *     that server
 * @param inMemory whether the store is in memory and ends with the program
 * @param namespace the title of the namespace that is a bean
 * @param cache the configuration of Spring's caches
 * @param session the configuration of HTTP sessions
 */
@ConfigurationProperties("selvedge")
public record SelvedgeProperties(
    @DefaultValue List<URI> servers,
    @DefaultValue("") String token,
    @DefaultValue("") String account,
    @DefaultValue("2s") Duration deadline,
    @DefaultValue("true") boolean failFast,
    @DefaultValue("128") int maxConcurrent,
    @DefaultValue("") String sslBundle,
    Optional<Path> directory,
    @DefaultValue("false") boolean inMemory,
    @DefaultValue("default") String namespace,
    @DefaultValue Cache cache,
    @DefaultValue Session session) {

  /** The default address of a server. */
  private static final URI NEARBY = URI.create("http://127.0.0.1:5820");

  /**
   * Checks that only one kind of store is configured.
   *
   * @throws InvalidRequestException if the properties contradict each other
   */
  public SelvedgeProperties {
    if (inMemory && (directory.isPresent() || !servers.isEmpty())) {
      throw new InvalidRequestException(
          "selvedge.in-memory must not be set together with selvedge.servers or"
              + " selvedge.directory");
    }
    if (directory.isPresent() && servers.size() > 1) {
      throw new InvalidRequestException(
          "selvedge.servers must name one server if selvedge.directory is set, got " + servers);
    }
  }

  /**
   * Returns the servers of a client.
   *
   * @return the configured servers, or else the default one
   */
  public List<URI> serversToAsk() {
    return servers.isEmpty() ? List.of(NEARBY) : servers;
  }

  /**
   * The configuration of Spring's caches.
   *
   * @param enabled whether caches are stored in Selvedge
   * @param namespace the title of the namespace of all caches
   * @param timeToLive the time for which a value is fresh
   * @param stale the time for which a value may be used after that, if the cache loads values
   *     itself, as with sync = true
   * @param refreshAhead the time before a value becomes stale in which a read loads it again, if
   *     the cache loads values itself
   * @param missing the time for which null is stored; 0 stores no nulls
   * @param fallThrough whether a cached method runs when the store does not answer
   * @param pendingEvictions the number of evictions that are remembered while the store does not
   *     answer; past it, whole caches are cleared
   * @param caches settings of single caches by name, which replace those of all caches
   */
  public record Cache(
      @DefaultValue("true") boolean enabled,
      @DefaultValue("cache") String namespace,
      @DefaultValue("1h") Duration timeToLive,
      @DefaultValue("0s") Duration stale,
      @DefaultValue("0s") Duration refreshAhead,
      @DefaultValue("1m") Duration missing,
      @DefaultValue("true") boolean fallThrough,
      @DefaultValue("10000") int pendingEvictions,
      @DefaultValue Map<String, One> caches) {

    /**
     * The settings of one cache. Null stands for the setting of all caches.
     *
     * @param timeToLive the time for which a value is fresh
     * @param stale the time for which a value may be used after that
     * @param refreshAhead the time before a value becomes stale in which a read loads it again
     * @param missing the time for which null is stored
     */
    public record One(
        @Nullable Duration timeToLive,
        @Nullable Duration stale,
        @Nullable Duration refreshAhead,
        @Nullable Duration missing) {
      private static final One NOTHING = new One(null, null, null, null);
    }

    /**
     * Returns the settings of a cache: its own, and those of all caches where it has none.
     *
     * @param name the name of the cache
     * @return the settings, without those of other caches
     */
    public Cache of(String name) {
      One own = caches.getOrDefault(name, One.NOTHING);
      return new Cache(
          enabled,
          namespace,
          own.timeToLive() == null ? timeToLive : own.timeToLive(),
          own.stale() == null ? stale : own.stale(),
          own.refreshAhead() == null ? refreshAhead : own.refreshAhead(),
          own.missing() == null ? missing : own.missing(),
          fallThrough,
          pendingEvictions,
          Map.of());
    }
  }

  /**
   * The configuration of HTTP sessions.
   *
   * @param enabled whether sessions are stored in Selvedge
   * @param namespace the title of their namespace
   * @param maxAge the age of an answer up to which an edge does not ask its origin; 0 always asks
   *     it
   * @param saveMode the attributes that are written at the end of a request
   */
  public record Session(
      @DefaultValue("false") boolean enabled,
      @DefaultValue("sessions") String namespace,
      @DefaultValue("1m") Duration maxAge,
      @DefaultValue("on-set-attribute") SaveMode saveMode) {}

  /** Returns servers and directory; the token is never part of the text. */
  @Override
  public String toString() {
    return "SelvedgeProperties[servers=" + servers + ", directory=" + directory + "]";
  }
}
