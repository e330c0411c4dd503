@NullMarked
package selvedge.server.quota;

import org.jspecify.annotations.NullMarked;
