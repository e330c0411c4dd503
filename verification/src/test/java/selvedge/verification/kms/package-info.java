/** A key management service, and the provider by which a server uses it. */
@NullMarked
package selvedge.verification.kms;

import org.jspecify.annotations.NullMarked;
