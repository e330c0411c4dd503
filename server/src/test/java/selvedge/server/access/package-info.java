@NullMarked
package selvedge.server.access;

import org.jspecify.annotations.NullMarked;
