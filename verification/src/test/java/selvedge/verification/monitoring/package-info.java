/** Metrics, alert rules and the dashboard. */
@NullMarked
package selvedge.verification.monitoring;

import org.jspecify.annotations.NullMarked;
