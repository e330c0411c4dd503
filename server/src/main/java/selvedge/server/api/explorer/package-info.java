/** The local explorer API of miniflare, for tools that work with local namespaces. */
@NullMarked
package selvedge.server.api.explorer;

import org.jspecify.annotations.NullMarked;
