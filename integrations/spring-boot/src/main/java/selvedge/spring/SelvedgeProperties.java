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
 * What a program says of its store.
 *
 * @param servers addresses of servers, the nearest first; the others are for when it cannot be
 *     reached
 * @param token of the servers, if they are not open
 * @param account of the namespaces, if it is not the one that the token is of
 * @param deadline for one operation with all its tries
 * @param failFast whether calls fail at once while no server answers
 * @param maxConcurrent requests that are on their way at one time
 * @param directory where the store lies in this process; with a server, an edge of that server
 * @param inMemory whether everything is in memory, and forgotten in the end
 * @param namespace title of the namespace that is a bean
 * @param cache how Spring's caches are kept
 * @param session how HTTP sessions are kept
 */
@ConfigurationProperties("selvedge")
public record SelvedgeProperties(
    @DefaultValue List<URI> servers,
    @DefaultValue("") String token,
    @DefaultValue("") String account,
    @DefaultValue("5s") Duration deadline,
    @DefaultValue("true") boolean failFast,
    @DefaultValue("128") int maxConcurrent,
    Optional<Path> directory,
    @DefaultValue("false") boolean inMemory,
    @DefaultValue("default") String namespace,
    @DefaultValue Cache cache,
    @DefaultValue Session session) {

  /** Where a server listens unless it is told otherwise. */
  private static final URI NEARBY = URI.create("http://127.0.0.1:5820");

  public SelvedgeProperties {
    if (inMemory && (directory.isPresent() || !servers.isEmpty())) {
      throw new InvalidRequestException(
          "selvedge.in-memory goes with neither selvedge.servers nor selvedge.directory");
    }
    if (directory.isPresent() && servers.size() > 1) {
      throw new InvalidRequestException(
          "an edge in selvedge.directory follows one server, not " + servers);
    }
  }

  /** The servers that a client asks. */
  public List<URI> serversToAsk() {
    return servers.isEmpty() ? List.of(NEARBY) : servers;
  }

  /**
   * How Spring's caches are kept.
   *
   * @param enabled whether they are kept in Selvedge
   * @param namespace title of the namespace that all of them are in
   * @param timeToLive for how long a value is as good as new
   * @param stale for how much longer a value is better than none, where a cache is asked to load
   *     it, as with sync = true
   * @param refreshAhead so long before a value is too old whoever reads it has it loaded anew,
   *     where a cache is asked to load it
   * @param missing for how long it is kept that there is no value (null); 0 keeps no nulls
   * @param fallThrough whether a cached method runs when the store does not answer
   * @param pendingEvictions how many changes that could not be made are remembered; past it, whole
   *     caches are cleared
   * @param caches settings of single caches by their names, in place of those for all
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
     * What one cache has of its own.
     *
     * @param timeToLive for how long a value is as good as new
     * @param stale for how much longer a value is better than none
     * @param refreshAhead so long before a value is too old it is loaded anew
     * @param missing for how long it is kept that there is no value
     */
    public record One(
        @Nullable Duration timeToLive,
        @Nullable Duration stale,
        @Nullable Duration refreshAhead,
        @Nullable Duration missing) {
      private static final One NOTHING = new One(null, null, null, null);
    }

    /** The settings of a cache: its own, and those of all where it has none. */
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
   * How HTTP sessions are kept.
   *
   * @param enabled whether they are kept in Selvedge
   * @param namespace title of the namespace that they are in
   * @param maxAge how old an answer of an edge may be before the origin is asked; 0 asks it always
   * @param saveMode which attributes are written at the end of a request
   */
  public record Session(
      @DefaultValue("false") boolean enabled,
      @DefaultValue("sessions") String namespace,
      @DefaultValue("1m") Duration maxAge,
      @DefaultValue("on-set-attribute") SaveMode saveMode) {}

  /** Shows everything but the secret. */
  @Override
  public String toString() {
    return "SelvedgeProperties[servers=" + servers + ", directory=" + directory + "]";
  }
}
