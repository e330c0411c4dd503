@NullMarked
package selvedge.server.metrics;

import org.jspecify.annotations.NullMarked;
