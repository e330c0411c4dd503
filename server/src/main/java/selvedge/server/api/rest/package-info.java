/** The REST v4 face: what wrangler, the official SDKs, Terraform and unstorage speak. */
@NullMarked
package selvedge.server.api.rest;

import org.jspecify.annotations.NullMarked;
