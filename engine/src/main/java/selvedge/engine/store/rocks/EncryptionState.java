package selvedge.engine.store.rocks;

import java.util.Optional;

/**
 * How a store is encrypted.
 *
 * @param masterKey the id of the master key that wraps its data keys
 * @param complete whether every row is encrypted
 * @param rewritten how many percent of the rows have been encrypted anew since that was begun; 100
 *     if nothing is being rewritten
 * @param failure why the rewriting does not go on, if so
 */
public record EncryptionState(
    String masterKey, boolean complete, int rewritten, Optional<String> failure) {}
