/** What an account has used of its daily quotas, and what is left. */
@NullMarked
package selvedge.server.quota;

import org.jspecify.annotations.NullMarked;
