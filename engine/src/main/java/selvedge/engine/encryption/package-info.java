/**
 * Encryption at rest: master keys, the data keys that they wrap, and AES-256-GCM. No other package
 * of the engine uses a cipher.
 */
@NullMarked
package selvedge.engine.encryption;

import org.jspecify.annotations.NullMarked;
