/** The numbered forms of what is stored and of what travels. */
@NullMarked
package selvedge.engine.form;

import org.jspecify.annotations.NullMarked;
