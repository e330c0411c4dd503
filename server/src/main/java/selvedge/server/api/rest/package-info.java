/** The REST API of Workers KV, which wrangler, the official SDKs, Terraform and unstorage use. */
@NullMarked
package selvedge.server.api.rest;

import org.jspecify.annotations.NullMarked;
