/** Selvedge in Spring Boot: what is configured, and what is made of it. */
@NullMarked
package selvedge.spring;

import org.jspecify.annotations.NullMarked;
