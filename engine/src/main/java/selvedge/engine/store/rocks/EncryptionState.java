package selvedge.engine.store.rocks;

import java.util.Optional;

/**
 * How a store is encrypted.
 *
 * @param masterKey the id of the master key that wraps its data keys
 * @param complete whether every row is encrypted
 * @param rewritten the percentage of rows that the rewriting has read; 100 if there is none
 * @param failure the reason why the rewriting has stopped, if it has
 */
public record EncryptionState(
    String masterKey, boolean complete, int rewritten, Optional<String> failure) {}
