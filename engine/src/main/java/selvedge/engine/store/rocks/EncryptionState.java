package selvedge.engine.store.rocks;

import java.util.Optional;
import selvedge.model.Version;

/**
 * How a store is encrypted.
 *
 * @param masterKey the id of the master key that wraps its data keys
 * @param complete whether every row is encrypted
 * @param rewritten the percentage of rows that the rewriting has read; 100 if there is none
 * @param failure the reason why the rewriting has stopped, if it has
 * @param earlier the newest change of the journal that may be under a data key from before the
 *     rewriting, until the feed is trimmed; none if there is no such change
 * @param trouble the reason why a new data key could not be wrapped when one was due
 */
public record EncryptionState(
    String masterKey,
    boolean complete,
    int rewritten,
    Optional<String> failure,
    Version earlier,
    Optional<String> trouble) {}
