@NullMarked
package selvedge.server.share;

import org.jspecify.annotations.NullMarked;
