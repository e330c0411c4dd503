/** The feed of a server for programs, browsers and other servers. */
@NullMarked
package selvedge.verification.feed;

import org.jspecify.annotations.NullMarked;
