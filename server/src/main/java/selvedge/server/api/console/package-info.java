/** The console: the page that a browser shows at the address of the server, and its files. */
@NullMarked
package selvedge.server.api.console;

import org.jspecify.annotations.NullMarked;
