@NullMarked
package selvedge.server;

import org.jspecify.annotations.NullMarked;
