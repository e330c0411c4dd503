/** Tests of what the client does without a server. */
@NullMarked
package selvedge.client;

import org.jspecify.annotations.NullMarked;
