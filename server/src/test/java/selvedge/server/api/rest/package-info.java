/** Tests of REST v4: each endpoint, each row of the error table, each limit from both sides. */
@NullMarked
package selvedge.server.api.rest;

import org.jspecify.annotations.NullMarked;
