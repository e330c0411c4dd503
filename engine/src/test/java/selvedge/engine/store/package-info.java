@NullMarked
package selvedge.engine.store;

import org.jspecify.annotations.NullMarked;
