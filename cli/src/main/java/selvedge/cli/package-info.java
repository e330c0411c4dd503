@NullMarked
package selvedge.cli;

import org.jspecify.annotations.NullMarked;
