/** The quotas of accounts: operations per day, writes per key and stored bytes. */
@NullMarked
package selvedge.server.quota;

import org.jspecify.annotations.NullMarked;
