/** Namespaces of a server elsewhere. */
@NullMarked
package selvedge.client;

import org.jspecify.annotations.NullMarked;
