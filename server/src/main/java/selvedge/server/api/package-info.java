/** Requests, responses and the handlers between them; knows no HTTP engine. */
@NullMarked
package selvedge.server.api;

import org.jspecify.annotations.NullMarked;
