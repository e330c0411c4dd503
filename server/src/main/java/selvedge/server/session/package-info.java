/** Sign-in of web pages: a cookie that carries a token, encrypted. */
@NullMarked
package selvedge.server.session;

import org.jspecify.annotations.NullMarked;
