/** What commands need to speak to servers: token, trust, and text of servers on a terminal. */
@NullMarked
package selvedge.cli.remote;

import org.jspecify.annotations.NullMarked;
