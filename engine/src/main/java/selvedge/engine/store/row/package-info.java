/** The encoding of rows; bytes are specified in docs/reference/storage.md. */
@NullMarked
package selvedge.engine.store.row;

import org.jspecify.annotations.NullMarked;
