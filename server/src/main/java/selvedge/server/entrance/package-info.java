/** The check that every request passes before a face sees it: hosts, pages and proxies. */
@NullMarked
package selvedge.server.entrance;

import org.jspecify.annotations.NullMarked;
