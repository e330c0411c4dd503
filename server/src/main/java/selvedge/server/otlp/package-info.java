/** Sends spans and metrics to a collector of OpenTelemetry, by OTLP over HTTP. */
@NullMarked
package selvedge.server.otlp;

import org.jspecify.annotations.NullMarked;
