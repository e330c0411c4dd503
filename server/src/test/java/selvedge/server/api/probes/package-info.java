@NullMarked
package selvedge.server.api.probes;

import org.jspecify.annotations.NullMarked;
