@NullMarked
package selvedge.server.audit;

import org.jspecify.annotations.NullMarked;
