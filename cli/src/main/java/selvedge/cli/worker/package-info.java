/** Runs Workers: reads the configuration of wrangler and writes that of workerd. */
@NullMarked
package selvedge.cli.worker;

import org.jspecify.annotations.NullMarked;
