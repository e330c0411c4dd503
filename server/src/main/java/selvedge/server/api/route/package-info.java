/** The operations of all protocols as values, and which of them a request asks for. */
@NullMarked
package selvedge.server.api.route;

import org.jspecify.annotations.NullMarked;
