/**
 * The quorum: several machines keep one order of changes, by the replicated log of Apache Ratis.
 */
@NullMarked
package selvedge.cluster;

import org.jspecify.annotations.NullMarked;
