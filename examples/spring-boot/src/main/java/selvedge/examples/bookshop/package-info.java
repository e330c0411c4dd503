/** A bookshop with a slow catalogue and a basket in the session. */
@NullMarked
package selvedge.examples.bookshop;

import org.jspecify.annotations.NullMarked;
