/** The operations of all protocols as values, and which of them a request means. */
@NullMarked
package selvedge.server.api.route;

import org.jspecify.annotations.NullMarked;
