@NullMarked
package selvedge.server.analytics;

import org.jspecify.annotations.NullMarked;
