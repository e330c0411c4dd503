@NullMarked
package selvedge.cluster;

import org.jspecify.annotations.NullMarked;
