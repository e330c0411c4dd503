@NullMarked
package selvedge.server.api.route;

import org.jspecify.annotations.NullMarked;
