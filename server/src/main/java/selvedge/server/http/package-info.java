/** The one adapter to the HTTP engine. */
@NullMarked
package selvedge.server.http;

import org.jspecify.annotations.NullMarked;
