/** The Java client with real servers and broken networks. */
@NullMarked
package selvedge.verification.client;

import org.jspecify.annotations.NullMarked;
