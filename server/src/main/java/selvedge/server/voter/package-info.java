/** What a server needs of a voter, which the module cluster implements. */
@NullMarked
package selvedge.server.voter;

import org.jspecify.annotations.NullMarked;
