/** The types of Selvedge and the contract of a namespace. */
@NullMarked
package selvedge.model;

import org.jspecify.annotations.NullMarked;
