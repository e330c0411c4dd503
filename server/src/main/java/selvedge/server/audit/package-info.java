/** The audit: who changed what about tokens, namespaces and the server, and with which result. */
@NullMarked
package selvedge.server.audit;

import org.jspecify.annotations.NullMarked;
