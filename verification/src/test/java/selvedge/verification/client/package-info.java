/** The Java client against real servers, and against networks that are not kind. */
@NullMarked
package selvedge.verification.client;

import org.jspecify.annotations.NullMarked;
