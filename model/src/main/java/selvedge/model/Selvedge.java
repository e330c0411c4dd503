package selvedge.model;

import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.ServiceLoader;

/**
 * Namespaces by their titles, wherever they are: in memory, in a directory, at a server.
 *
 * <p>Safe for use by many threads. Closing it ends what runs for it; the data stay.
 *
 * {@snippet class="selvedge.examples.FirstSteps" region="selvedge"}
 */
public interface Selvedge extends AutoCloseable {

  /** Returns the namespace of that title, which is made if there is none. */
  Namespace namespace(String title);

  @Override
  void close();

  /** Namespaces in memory, that are forgotten in the end. */
  static Selvedge inMemory() {
    return inMemory(InstantSource.system());
  }

  /** Namespaces in memory on a clock of the caller's, such as a {@link SettableClock}. */
  static Selvedge inMemory(InstantSource clock) {
    return of(new MemoryNamespaces(clock));
  }

  /** The same namespaces by their titles, in an account of their own. */
  static Selvedge of(Namespaces namespaces) {
    return of(namespaces, new AccountId("0".repeat(32)));
  }

  /** The namespaces of an account by their titles. */
  static Selvedge of(Namespaces namespaces, AccountId account) {
    return new TitledNamespaces(namespaces, account);
  }

  /** Namespaces in a directory of this process, on disk before a write returns. */
  static Selvedge open(Path directory) {
    return embedding().open(directory);
  }

  /**
   * An edge in this process: follows the server, answers reads from the directory and hands writes
   * on.
   *
   * @param token one of the server's that may administer everything; empty for a server that is
   *     open
   */
  static Selvedge open(Path directory, URI origin, String token) {
    return embedding().open(directory, origin, token);
  }

  /**
   * Namespaces at a server.
   *
   * @param token empty for a server that is open
   */
  static Selvedge connect(URI server, String token) {
    return provider(Connecting.class, "selvedge-client").connect(server, token);
  }

  private static Embedding embedding() {
    return provider(Embedding.class, "selvedge-embedded");
  }

  private static <P> P provider(Class<P> type, String artifact) {
    Optional<P> found = ServiceLoader.load(type).findFirst();
    return found.orElseThrow(
        () ->
            new InvalidRequestException(
                "this takes " + artifact + " on the class path, which is not there"));
  }

  /** Connects to servers; found by the service loader. */
  interface Connecting {
    Selvedge connect(URI server, String token);
  }

  /** Opens directories; found by the service loader. */
  interface Embedding {
    Selvedge open(Path directory);

    Selvedge open(Path directory, URI origin, String token);
  }
}
