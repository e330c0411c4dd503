/** The feed of a real server, as programs, browsers and other servers read it. */
@NullMarked
package selvedge.verification.feed;

import org.jspecify.annotations.NullMarked;
