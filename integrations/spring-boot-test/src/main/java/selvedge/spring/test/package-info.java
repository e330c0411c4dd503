/** Tests of Spring Boot programs without a server. */
@NullMarked
package selvedge.spring.test;

import org.jspecify.annotations.NullMarked;
