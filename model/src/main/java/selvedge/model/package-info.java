/** The vocabulary of Selvedge, and the contract that every namespace keeps. */
@NullMarked
package selvedge.model;

import org.jspecify.annotations.NullMarked;
