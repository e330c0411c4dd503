/** The numbers of the past: how many operations each namespace had, where, and how they ended. */
@NullMarked
package selvedge.server.analytics;

import org.jspecify.annotations.NullMarked;
