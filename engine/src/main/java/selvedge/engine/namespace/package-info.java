/** Namespaces on a store: reads, and the jobs that a writer decides. */
@NullMarked
package selvedge.engine.namespace;

import org.jspecify.annotations.NullMarked;
