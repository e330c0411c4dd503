@NullMarked
package selvedge.server.http;

import org.jspecify.annotations.NullMarked;
