@NullMarked
package selvedge.spring;

import org.jspecify.annotations.NullMarked;
