package selvedge.model;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;

/**
 * The namespaces of one account, by title: in memory, in a directory, or at a server.
 *
 * <p>Safe for use by many threads; every method may block on disk or network. Closing ends the
 * threads and connections that belong to it and leaves the data as they are.
 *
 * {@snippet class="selvedge.examples.FirstSteps" region="selvedge"}
 */
public interface Selvedge extends AutoCloseable {

  /**
   * Returns the namespace with a title, and creates it if there is none. It need not be closed.
   *
   * @param title the title, from 1 to {@link Limit#TITLE_CHARACTERS} characters
   * @return the namespace
   * @throws InvalidRequestException if the title is empty
   * @throws LimitExceededException if the title is too long, or the account has too many namespaces
   * @throws ClosedException if this was closed
   */
  Namespace namespace(String title);

  /**
   * Returns the titles of all namespaces that this program may read.
   *
   * @return an unmodifiable list in the order of the titles
   * @throws ClosedException if this was closed
   */
  List<String> titles();

  /**
   * Creates a namespace.
   *
   * @param title a title that no other namespace of the account has
   * @return the new namespace
   * @throws TitleTakenException if there is a namespace with that title
   * @throws InvalidRequestException if the title is empty
   * @throws LimitExceededException if the title is too long, or the account has too many namespaces
   * @throws ClosedException if this was closed
   */
  Namespace create(String title);

  /**
   * Gives a namespace another title. A {@link Namespace} in use stays what it is. The title that it
   * already has is not an error.
   *
   * @param title the title of an existing namespace
   * @param newTitle a title that no other namespace of the account has
   * @throws NamespaceNotFoundException if there is no namespace with the first title
   * @throws TitleTakenException if another namespace has the new title
   * @throws InvalidRequestException if the new title is empty
   * @throws LimitExceededException if the new title is too long
   * @throws ClosedException if this was closed
   */
  void rename(String title, String newTitle);

  /**
   * Deletes a namespace with all its entries. They are unreadable at once, their space is freed in
   * the background.
   *
   * @param title the title of an existing namespace
   * @throws NamespaceNotFoundException if there is no namespace with that title
   * @throws ClosedException if this was closed
   */
  void delete(String title);

  /** Ends threads and connections. Closing again is not an error. */
  @Override
  void close();

  /**
   * Returns namespaces of a store by title, in an account of their own.
   *
   * @param namespaces the store, which {@link #close()} leaves open
   * @return its namespaces by title
   */
  static Selvedge of(Namespaces namespaces) {
    return of(namespaces, new AccountId("0".repeat(32)));
  }

  /**
   * Returns the namespaces of an account by title.
   *
   * @param namespaces the store, which {@link #close()} leaves open
   * @param account the account
   * @return its namespaces by title
   */
  static Selvedge of(Namespaces namespaces, AccountId account) {
    return new TitledNamespaces(namespaces, account);
  }

  /**
   * Opens the store in a directory, and creates it if there is none. It requires {@code
   * selvedge-embedded} on the class path. A write is on disk before it returns.
   *
   * @param directory a directory that no other process has open
   * @return the open store
   * @throws StoreUnusableException if the directory is in use or holds something else
   * @throws StoreDamagedException if the files are damaged
   * @throws InvalidRequestException if the directory belongs to an edge, or the module is missing
   */
  static Selvedge open(Path directory) {
    return embedded().open(directory);
  }

  /**
   * Opens an edge of a server without authentication. It requires {@code selvedge-embedded} on the
   * class path. Reads are answered from the directory, writes go to the server.
   *
   * @param directory a directory that no other process has open
   * @param origin the address of the server, such as {@code http://10.0.0.1:5820}
   * @return the open edge, after a first snapshot was loaded
   * @throws StoreUnusableException if the directory is in use or holds something else
   * @throws InvalidRequestException if the directory belongs to an origin, or the module is missing
   */
  static Selvedge open(Path directory, URI origin) {
    return embedded().open(directory, origin);
  }

  /**
   * Opens an edge of a server. It requires {@code selvedge-embedded} on the class path. Reads are
   * answered from the directory, writes go to the server.
   *
   * @param directory a directory that no other process has open
   * @param origin the address of the server, such as {@code https://kv.example.com}
   * @param token a token with the right {@code replicate} or {@code admin} on everything
   * @return the open edge, after a first snapshot was loaded
   * @throws StoreUnusableException if the directory is in use or holds something else
   * @throws InvalidRequestException if the directory belongs to an origin, the token is empty, or
   *     the module is missing
   */
  static Selvedge open(Path directory, URI origin, String token) {
    return embedded().open(directory, origin, requireToken(token));
  }

  /**
   * Returns the namespaces of a server without authentication. It requires {@code selvedge-client}
   * on the class path, whose {@code Client} takes more options. It does not connect yet.
   *
   * @param server the address of the server, such as {@code http://10.0.0.1:5820}
   * @return its namespaces by title
   * @throws InvalidRequestException if the address is none of a web server, or the module is
   *     missing
   */
  static Selvedge connect(URI server) {
    return client().connect(server);
  }

  /**
   * Returns the namespaces of a server. It requires {@code selvedge-client} on the class path,
   * whose {@code Client} takes more options. It does not connect yet.
   *
   * @param server the address of the server, such as {@code https://kv.example.com}
   * @param token a token of the server
   * @return its namespaces by title
   * @throws InvalidRequestException if the address is none of a web server, the token is empty or
   *     not visible ASCII, or the module is missing
   */
  static Selvedge connect(URI server, String token) {
    return client().connect(server, requireToken(token));
  }

  private static String requireToken(String token) {
    if (token.isEmpty()) {
      throw new InvalidRequestException(
          "the token must not be empty: leave it out for a server without authentication");
    }
    return token;
  }

  private static StoreProvider embedded() {
    return provider(StoreProvider.class, "selvedge-embedded");
  }

  private static ClientProvider client() {
    return provider(ClientProvider.class, "selvedge-client");
  }

  private static <P> P provider(Class<P> type, String artifact) {
    Optional<P> found = ServiceLoader.load(type).findFirst();
    return found.orElseThrow(
        () ->
            new InvalidRequestException(
                "this requires " + artifact + ", which is not on the class path"));
  }

  /** Connects to servers. The service loader finds the implementation. */
  interface ClientProvider {

    /**
     * Returns the namespaces of a server without authentication.
     *
     * @param server the address of the server
     * @return its namespaces by title
     */
    Selvedge connect(URI server);

    /**
     * Returns the namespaces of a server.
     *
     * @param server the address of the server
     * @param token a token, not empty
     * @return its namespaces by title
     */
    Selvedge connect(URI server, String token);
  }

  /** Opens directories. The service loader finds the implementation. */
  interface StoreProvider {

    /**
     * Opens a store.
     *
     * @param directory the directory of the store
     * @return the open store
     */
    Selvedge open(Path directory);

    /**
     * Opens an edge of a server without authentication.
     *
     * @param directory the directory of the edge
     * @param origin the address of the server
     * @return the open edge
     */
    Selvedge open(Path directory, URI origin);

    /**
     * Opens an edge of a server.
     *
     * @param directory the directory of the edge
     * @param origin the address of the server
     * @param token a token, not empty
     * @return the open edge
     */
    Selvedge open(Path directory, URI origin, String token);
  }
}
