package selvedge.spring.test;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;

/**
 * Replaces the configured store by the fake in a test, such as one with {@code @SpringBootTest}.
 *
 * <p>The test gets two beans: a {@link selvedge.model.testing.SettableClock} for entries, caches
 * and sessions, and a {@link selvedge.model.testing.MemoryEdge}, whose lag can be set and whose
 * connection to the origin can be cut.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@ImportAutoConfiguration
public @interface AutoConfigureSelvedge {}
