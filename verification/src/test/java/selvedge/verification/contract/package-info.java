/** The contracts of namespaces, tested with each implementation. */
@NullMarked
package selvedge.verification.contract;

import org.jspecify.annotations.NullMarked;
