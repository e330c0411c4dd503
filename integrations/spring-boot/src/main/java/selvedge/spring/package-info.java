/** Selvedge in Spring Boot: configuration, beans, health and metrics. */
@NullMarked
package selvedge.spring;

import org.jspecify.annotations.NullMarked;
