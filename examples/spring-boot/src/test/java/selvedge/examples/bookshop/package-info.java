@NullMarked
package selvedge.examples.bookshop;

import org.jspecify.annotations.NullMarked;
