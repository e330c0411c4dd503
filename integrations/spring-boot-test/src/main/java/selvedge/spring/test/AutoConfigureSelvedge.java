package selvedge.spring.test;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;

/**
 * Has a test, such as one with {@code @SpringBootTest}, run on the fake in place of the store that
 * the configuration names.
 *
 * <p>Beans for the test: a {@link selvedge.model.testing.SettableClock} by which entries, caches
 * and sessions go, and a {@link selvedge.model.testing.MemoryEdge}, whose lag can be set and whose
 * line to the origin can be cut.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Documented
@Inherited
@ImportAutoConfiguration
public @interface AutoConfigureSelvedge {}
